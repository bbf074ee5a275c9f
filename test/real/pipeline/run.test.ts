import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { budgetsFor } from '../../../src/config/budgets.ts';
import type { RunEvent } from '../../../src/pipeline/run/attempt.ts';
import { type PreparedRun, prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { judgeRecord, runPrepared } from '../../../src/pipeline/run/run.ts';
import { readRecord } from '../../../src/store/records/record-reader.ts';
import { freePort } from '../../target/free-port.ts';
import { refusingPort } from '../../target/refusing-port.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const usualBudgets = budgetsFor(null, {
  scenario: 'a',
  endpoints: [],
  stages: 1,
  timeoutMs: 10_000,
  signals: [],
  file: null,
  others: null,
});

let target: ScriptedTarget;
before(async () => {
  target = await startTarget({ '/ok': {}, '/20ms': { delayMs: 20 } });
});
after(() => target.stop());

/** A folder with one scenario in it, and a way to run that. */
async function place(t: TestContext, scenario: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-pipeline-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, 'a.yaml'), scenario);
  const env = { PATH: process.env.PATH };
  const options = { cwd, env, budgets: null, allowHosts: [] };
  const [prepared] = await prepareRuns([{ kind: 'file', file: 'a.yaml' }], options);
  assert.ok(prepared, 'the scenario can be run');
  const out = join(cwd, 'reports');
  return {
    cwd,
    run: (more: Partial<Parameters<typeof runPrepared>[1]> = {}) =>
      runPrepared(prepared as PreparedRun, { cwd, env, out, command: 'plimsoll run a.yaml', ...more }),
  };
}

const stages = (...durations: string[]) =>
  durations.map(duration => `{ duration: ${duration}, rate: 100/s }`).join(', ');
const scenario = (port: number, load: string, more = '') =>
  `name: a\ntarget: http://127.0.0.1:${port}\nload: { model: open, stages: [${load}] }\nsteps: [GET /ok]\n${more}`;

describe('an interrupted run', () => {
  test('lasted as long as it lasted, not until a stage that it never reached', async t => {
    const at = await place(t, scenario(target.port, stages('10m', '1h', '1h')));
    const interruption = new AbortController();
    const began = performance.now();
    const { record, exitCode, file } = await at.run({
      interrupt: interruption.signal,
      onEvent: event => {
        if (event.kind === 'progress' && event.progress.requests > 20) interruption.abort('SIGHUP');
      },
    });
    const passedMs = performance.now() - began;
    const { header, measurement } = record;
    assert.equal(exitCode, 129);
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGHUP' });
    assert.ok(
      header.durationMs > 200 && header.durationMs <= passedMs,
      `${header.durationMs} of ${passedMs} ms`,
    );
    assert.deepEqual(
      measurement.windows.map(({ durationMs }) => durationMs > 0),
      [true, false, false],
    );
    assert.equal((await readRecord(file ?? '')).header.durationMs, header.durationMs);
  });

  test('has sent nothing where it was interrupted before its first request', async t => {
    const before = (await target.counts()).requests;
    const at = await place(t, scenario(target.port, stages('10m')));
    const { record, exitCode } = await at.run({ interrupt: AbortSignal.abort('SIGQUIT') });
    assert.equal(exitCode, 131);
    assert.equal(record.header.durationMs, 0);
    assert.deepEqual(
      record.measurement.windows.map(({ durationMs }) => durationMs),
      [0],
    );
    assert.equal((await target.counts()).requests, before);
  });
});

describe('a run whose API does not start', () => {
  test('is a record that says so, without the secrets that the API printed', async t => {
    const { port, release } = await refusingPort();
    t.after(release);
    const serve = 'serve: { start: echo refused hunter2-hunter2; exit 3, ready: GET / }\n';
    const header = 'defaults: { headers: { authorization: Bearer hunter2-hunter2 } }\n';
    const at = await place(t, scenario(port, stages('1s'), serve + header));
    const { record, judgement, exitCode, file, problems } = await at.run();
    assert.equal(exitCode, 3);
    const { completion } = record.measurement;
    assert.ok(completion.state === 'notStarted', completion.state);
    assert.match(
      completion.reason,
      /^the API ended before it was ready: exit code 3; it wrote last: refused /,
    );
    assert.doesNotMatch(JSON.stringify(record), /hunter2/);
    assert.equal(judgement.verdict, 'invalid');
    assert.equal(problems[0]?.exitCode, 3);
    assert.deepEqual((await readRecord(file ?? '')).measurement.completion, completion);
  });
});

describe('a closed load without a warm-up', () => {
  for (const users of [20, 50, 200]) {
    test(`is a measurement where ${users} users start against a server that takes 20 ms`, async t => {
      const load = `{ model: closed, stages: [{ duration: 1s, users: ${users} }] }`;
      const text = scenario(target.port, stages('1s'))
        .replace(/load: .*/, `load: ${load}`)
        .replace('/ok', '/20ms');
      const { record, judgement } = await (await place(t, text)).run();
      assert.deepEqual(record.measurement.load.users, { asked: users, started: users });
      assert.equal(judgement.validity.state, 'valid');
    });
  }
});

describe('a run of more journeys than it has time for', () => {
  test('is no pass, says how many were made, and can be read again', async t => {
    const load = '{ model: closed, users: 2, iterations: 1000000000, maxDuration: 600ms }';
    const text = scenario(target.port, stages('1s')).replace(/load: .*/, `load: ${load}`);
    const at = await place(t, text);
    const { record, judgement, exitCode, file } = await at.run();
    const { delivered, cut } = record.measurement.load;
    assert.deepEqual(judgement.undone, [
      { kind: 'journeys', made: delivered - (cut ?? 0), asked: 1_000_000_000, maxDurationMs: 600 },
    ]);
    assert.notEqual(judgement.verdict, 'pass');
    assert.equal(exitCode, 0);
    const read = judgeRecord(await readRecord(file ?? ''), usualBudgets);
    assert.deepEqual(read.judgement.undone, judgement.undone);
  });
});

describe('a record that cannot be written', () => {
  test('is kept among temporary files, and costs no verdict', async t => {
    const at = await place(t, scenario(target.port, stages('1s')));
    const out = join(at.cwd, 'reports');
    let isGone = false;
    const { record, file, problems } = await at.run({
      onEvent: () => {
        if (isGone) return;
        isGone = true;
        void rm(join(out, 'runs'), { recursive: true });
      },
    });
    assert.ok(isGone, 'there was a moment to remove the folder');
    assert.equal(file, null);
    assert.equal(record.measurement.completion.state, 'complete');
    const [problem] = problems[0]?.problems ?? [];
    assert.equal(problem?.code, 'output.unwritable');
    const elsewhere = /the record is saved as (.*)$/.exec(problem?.instead ?? '')?.[1] ?? '';
    t.after(() => rm(dirname(elsewhere), { recursive: true }));
    assert.deepEqual(await readRecord(elsewhere), record);
  });
});

describe('an API that writes more than its log keeps', () => {
  test('is reported to do so, and the log is short and ends with its last lines', async t => {
    const port = await freePort();
    const serve = "serve: { start: 'node api.js', ready: GET /ready, timeout: 60s }\n";
    const at = await place(t, scenario(port, '{ duration: 500ms, rate: 20/s }', serve));
    await writeFile(
      join(at.cwd, 'api.js'),
      `const { writeSync } = require('node:fs');
       const text = ('x'.repeat(99) + '\\n').repeat(10_000);
       for (let i = 0; i < 70; i++) writeSync(1, text);
       setTimeout(() => {
         console.log('the last line');
         require('node:http').createServer((_, response) => response.end())
           .listen(Number(process.env.PORT), process.env.HOST);
       }, 500);`,
    );
    const { record, judgement, file } = await at.run();
    const { droppedLogBytes: bytes = 0 } = record.measurement;
    const log = join(at.cwd, 'reports', 'logs', 'a.log');
    const { size } = await stat(log);
    assert.ok(size <= 64_000_100, `the log has ${size} bytes`);
    // What is written in the instant of emptying is lost, and not known.
    assert.ok(bytes >= 1_000_000 && bytes < 70_000_000, `${bytes} bytes were dropped`);
    assert.match((await readFile(log, 'utf8')).slice(-200), /x\nthe last line\n$/);
    assert.ok(
      judgement.notes.some(note => note.kind === 'logCut' && note.bytes === bytes),
      'a note says so',
    );
    assert.equal((await readRecord(file ?? '')).measurement.droppedLogBytes, bytes);
  });
});

describe('an API that ends while it is measured', () => {
  const api = `
    const { createServer } = require('node:http');
    console.log('config: ' + 'x'.repeat(210) + ' hunter2-hunter2');
    createServer((request, response) => {
      response.end();
      if (request.url !== '/ok') return;
      setTimeout(() => {
        console.error('fatal: no memory for hunter2-hunter2');
        process.exit(7);
      }, 400);
    }).listen(Number(process.env.PORT), process.env.HOST);`;
  const header = 'defaults: { headers: { authorization: Bearer hunter2-hunter2 } }\n';
  const served = async (t: TestContext, start: string) => {
    const port = await freePort();
    const serve = `serve: { start: '${start}', ready: GET /ready, timeout: 20s }\n`;
    const at = await place(t, scenario(port, '{ duration: 1s, rate: 20/s }', serve + header));
    await writeFile(join(at.cwd, 'api.js'), api);
    return at;
  };
  const lenient = { ...usualBudgets, budgets: [] };

  test('makes no measurement, and the record holds how and when it ended, without secrets', async t => {
    const at = await served(t, 'node api.js');
    const { record, judgement, exitCode, file } = await at.run();
    const end = record.measurement.serverEnd;
    assert.ok(end, 'its end is in the record');
    assert.deepEqual([end.code, end.signal], [7, null]);
    assert.ok(end.atMs > 0 && end.atMs < 60_000, `${end.atMs} ms into the run`);
    assert.match(end.lastLines.at(-1) ?? '', /^fatal: no memory for /);
    assert.doesNotMatch(JSON.stringify(record), /hunter2/);
    assert.ok(judgement.validity.state === 'invalid', judgement.validity.state);
    assert.equal(judgement.validity.reasons[0]?.kind, 'serverEnded');
    assert.notEqual(exitCode, 0);
    const read = await readRecord(file ?? '');
    assert.deepEqual(read.measurement.serverEnd, end);
    assert.notEqual(judgeRecord(read, lenient).exitCode, 0);
  });

  test('has not ended where what supervises it starts it again', async t => {
    const at = await served(t, 'while true; do node api.js; done');
    const { record, judgement } = await at.run();
    assert.equal(record.measurement.serverEnd, undefined);
    assert.equal(judgement.validity.state, 'valid');
  });

  test('has not ended where it went on in a session of its own', async t => {
    const daemon = 'setsid node api.js & until [ -e asked ]; do sleep 0.1; done';
    const at = await served(t, daemon);
    const stays = api
      .replace("if (request.url !== '/ok') return;", "require('node:fs').writeFileSync('asked', '');")
      .replace('400', '60_000');
    await writeFile(join(at.cwd, 'api.js'), stays);
    const { record, judgement } = await at.run();
    assert.equal(record.measurement.serverEnd, undefined);
    assert.equal(judgement.validity.state, 'valid');
  });
});

describe('an API that goes on in the background', () => {
  const api = `
    require('node:http')
      .createServer((request, response) => {
        response.end();
        if (request.url === '/ready') require('node:fs').writeFileSync('asked', '');
        if (request.url === '/end') setTimeout(() => process.exit(), 50);
      })
      .listen(Number(process.env.PORT), process.env.HOST);`;
  // The shell stays until Plimsoll has asked whether the API is ready, and has had its answer.
  const wrapper = 'node api.js & until [ -e asked ]; do sleep 0.1; done; sleep 1';
  for (const [what, path, ended] of [
    ['has not ended because its shell did', '/ok', []],
    ['has ended when its last process did', '/end', ['serverEnded']],
  ] as const) {
    test(what, async t => {
      const port = await freePort();
      const serve = `serve: { start: '${wrapper}', ready: GET /ready }\n`;
      const load = stages('4s').replace('100/s', '5/s');
      const at = await place(t, scenario(port, load, serve).replace('GET /ok]', `GET ${path}]`));
      await writeFile(join(at.cwd, 'api.js'), api);
      const events: RunEvent['kind'][] = [];
      const { problems } = await at.run({ onEvent: ({ kind }) => events.push(kind) });
      assert.deepEqual(problems.map(String), []);
      assert.deepEqual(
        events.filter(kind => kind === 'serverEnded'),
        ended,
      );
    });
  }
});
