import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../../../src/report/foreign-text.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { endpoint, judgedRun } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';

const examples = [...Object.entries(exampleRuns), ['several', severalRuns] as const];
const escapeCharacter = String.fromCharCode(27);

describe('the terminal report', () => {
  for (const [name, runs] of examples) {
    test(`of the example "${name}" fits its width`, () => {
      for (const width of [72, 80, 100, 120, 200]) {
        const tooLong = terminalReport(runs, { color: false, width })
          .split('\n')
          .filter(line => displayWidth(line) > width);
        assert.deepEqual(tooLong, []);
      }
    });
    test(`of the example "${name}" says the same with and without colour`, () => {
      const plain = terminalReport(runs, { color: false, width: 80 });
      const colored = terminalReport(runs, { color: true, width: 80 });
      assert.ok(!plain.includes(escapeCharacter));
      assert.ok(colored.includes(`${escapeCharacter}[`));
      const trimmed = (text: string) => text.split('\n').map(line => line.trimEnd());
      assert.deepEqual(trimmed(stripVTControlCharacters(colored)), trimmed(plain));
    });
  }
  test('begins with the verdict sentence', () => {
    assert.match(terminalReport(severalRuns, { color: false }), /^✗ FAIL: 1 of 2 scenarios broke a budget/);
  });
  test('sends nothing to the terminal that a server or a scenario wrote as a control character', () => {
    const text = terminalReport(exampleRuns.hostile ?? [], { color: false });
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{C}/u);
  });
  test('cuts a long endpoint name in the middle, and lets columns go before it does', () => {
    const name = 'GET /api/organizations/:organization/meetings/:meeting/recordings';
    const run = judgedRun(exampleRecord({ endpoints: [{ name, rate: 60, medianMs: 12 }] }), []);
    const narrow = terminalReport([run], { color: false, width: 72 });
    assert.match(narrow, /GET \/api\/org\S*…\S*recordings/);
    assert.doesNotMatch(narrow, /\bmax\b/);
    assert.ok(terminalReport([run], { color: false, width: 160 }).includes(name));
  });
  test('lists at most twenty findings above the tables', () => {
    const limits = Array.from({ length: 30 }, () => [endpoint('GET /api/bills'), 'p95', 1] as const);
    const text = terminalReport([judgedRun(exampleRecord(), limits)], { color: false });
    assert.match(text, /and 10 more, in the table of budgets/);
  });
});
