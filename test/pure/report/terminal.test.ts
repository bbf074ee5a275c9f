import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../../../src/safety/untrusted-text.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { endpoint, judgedRun } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { runsIn } from '../../fixtures/rendered.ts';

const examples = [...Object.entries(exampleRuns), ['several', severalRuns] as const];
const escapeCharacter = String.fromCharCode(27);

describe('the terminal report', () => {
  for (const [name, runs] of examples) {
    test(`of the example "${name}" fits its width`, () => {
      for (const width of [72, 80, 100, 120, 200]) {
        const tooLong = runsIn(runs, 'terminal', { color: false, width })
          .split('\n')
          .filter(line => displayWidth(line) > width);
        assert.deepEqual(tooLong, []);
      }
    });
    test(`of the example "${name}" says the same with and without colour`, () => {
      const plain = runsIn(runs, 'terminal', { color: false, width: 80 });
      const colored = runsIn(runs, 'terminal', { color: true, width: 80 });
      assert.ok(!plain.includes(escapeCharacter), JSON.stringify(plain));
      assert.ok(colored.includes(`${escapeCharacter}[`), JSON.stringify(colored));
      const trimmed = (text: string) => text.split('\n').map(line => line.trimEnd());
      assert.deepEqual(trimmed(stripVTControlCharacters(colored)), trimmed(plain));
    });
  }
  test('begins with the verdict sentence', () => {
    assert.match(
      runsIn(severalRuns, 'terminal', { color: false }),
      /^✗ FAIL: 1 of 2 scenarios broke a budget/,
    );
  });
  test('sends nothing to the terminal that a server or a scenario wrote as a control character', () => {
    const text = runsIn(exampleRuns.hostile ?? [], 'terminal', { color: false });
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{C}/u);
  });
  test('cuts a long endpoint name in the middle, and lets columns go before it does', () => {
    const name = 'GET /api/organizations/:organization/meetings/:meeting/recordings';
    const run = judgedRun(exampleRecord({ endpoints: [{ name, rate: 60, medianMs: 12 }] }), []);
    const narrow = runsIn([run], 'terminal', { color: false, width: 72 });
    assert.match(narrow, /GET \/api\/org\S*…\S*recordings/);
    assert.doesNotMatch(narrow, /^endpoint .*\bmax\b/m);
    assert.ok(
      runsIn([run], 'terminal', { color: false, width: 160 }).includes(name),
      `${name} is not in the report`,
    );
  });
  test('tells what connections and generator did, and the times of connecting where there are any', () => {
    const aborted = runsIn(exampleRuns.aborted ?? [], 'terminal', { color: false, width: 400 });
    assert.match(
      aborted,
      /^connections: 512 attempts \(failed: refused 240, tls 2\), 20 open at most of 20, 3 closed idle by the server, 410 requests waited for a free one \(28\.5%\)$/m,
    );
    assert.match(
      aborted,
      /^connecting: TCP p50 1\.24 ms, p99 2\.17 ms; TLS handshake p50 3\.04 ms, p99 3\.97 ms$/m,
    );
    assert.match(
      aborted,
      /^generator: http engine, precise pacing, 1 worker, on the target's own machine, send/m,
    );
    const unconnected = runsIn(exampleRuns.invalid ?? [], 'terminal', { color: false, width: 400 });
    assert.doesNotMatch(unconnected, /^connecting/m);
    const { measurement } = exampleRecord();
    const own = exampleRecord({
      measurement: {
        connections: { ...measurement.connections, max: null },
        generator: { ...measurement.generator, engine: 'autocannon', busy: null },
      },
    });
    const closed = runsIn([judgedRun(own, [])], 'terminal', { color: false, width: 400 });
    assert.match(closed, /21 open at most, 3 closed idle by the server$/m);
    assert.match(closed, /^generator: autocannon engine, precise pacing, 1 worker, on the target/m);
    const worn = exampleRecord({
      measurement: {
        connections: { ...measurement.connections, closedIdle: 0 },
        generator: { ...measurement.generator, busy: 0.71, exhausted: { EMFILE: 12 } },
      },
    });
    const strained = runsIn([judgedRun(worn, [])], 'terminal', { color: false, width: 400 });
    assert.match(strained, /1 worker, 71% busy, .*, attempts to connect that failed here: EMFILE × 12, /);
    assert.doesNotMatch(strained, /closed idle/);
  });
  test('lists at most twenty findings above the tables', () => {
    const limits = Array.from({ length: 30 }, () => [endpoint('GET /api/bills'), 'p95', 1] as const);
    const text = runsIn([judgedRun(exampleRecord(), limits)], 'terminal', { color: false });
    assert.match(text, /and 10 more, in the table of budgets/);
  });
});
