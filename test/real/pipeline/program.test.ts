import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import * as plimsoll from '../../../src/index.ts';
import {
  analyse,
  compare,
  defineScenario,
  duet,
  judge,
  PlimsollError,
  type Problem,
  parseRecord,
  readBudgets,
  readRecord,
  render,
  run,
  type Scenario,
  type UrlRun,
} from '../../../src/index.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

let target: ScriptedTarget;
before(async () => {
  target = await startTarget({ '/ok': {} });
});
after(() => target.stop());

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'plimsoll-program-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** The problems with which a promise, or a function, ends. */
async function problemsOf(work: Promise<unknown> | (() => unknown)): Promise<readonly Problem[]> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    assert.ok(error instanceof PlimsollError, String(error));
    return error.problems;
  }
  return assert.fail('nothing was refused');
}

const placesOf = async (work: Promise<unknown> | (() => unknown)) =>
  (await problemsOf(work)).map(({ where }) => where);

const load = { model: 'open', stages: [{ duration: '500ms', rate: '40/s' }] } as const;
const scenario = (): Scenario =>
  defineScenario({ name: 'a', target: `http://127.0.0.1:${target.port}`, load, steps: ['GET /ok'] });
const url = (): UrlRun => ({ url: `http://127.0.0.1:${target.port}/ok`, rate: '40/s', duration: '500ms' });

describe('a program', () => {
  test('finds at most 25 values in the package', () => {
    assert.ok(Object.keys(plimsoll).length <= 25, Object.keys(plimsoll).join(', '));
  });

  test('finds each of them on the page about programs', async () => {
    const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const [, table = ''] = page.split('## All names');
    const told = [...table.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, names = '']) => names.split(', '));
    const values = Object.keys(plimsoll).filter(name => name !== 'default');
    assert.deepEqual(told.sort(), values.map(name => `\`${name}\``).sort());
  });

  test('runs a scenario that is a value, and keeps nothing unless it is told where', async t => {
    const cwd = await folder(t);
    const result = await run(scenario(), { cwd });
    assert.equal(result.file, null);
    assert.deepEqual(await readdir(cwd), []);
    const { header } = result.record;
    assert.deepEqual([header.scenario, header.file], ['a', null]);
    assert.equal(analyse(result.record).of({ kind: 'endpoint', endpoint: 'GET /ok' }).figures.ok, 20);
  });

  test('keeps the record in the folder that it names, relative to its own', async t => {
    const cwd = await folder(t);
    const { file, record } = await run(scenario(), { cwd, out: 'kept' });
    assert.ok(file?.startsWith(join(cwd, 'kept', 'runs')), String(file));
    assert.deepEqual(await readRecord(file ?? ''), record);
    assert.deepEqual(parseRecord(JSON.stringify(record), 'text'), record);
  });

  test('runs a URL with a rate as the command does, and the same from a file', async t => {
    const cwd = await folder(t);
    const { record } = await run(url(), { cwd });
    assert.equal(record.header.scenario, 'url');
    assert.equal(analyse(record).of({ kind: 'total' }).figures.requests, 20);
    await writeFile(join(cwd, 'a.json'), JSON.stringify(scenario()));
    const ofFile = await run('a.json', { cwd });
    const ofValue = await run(scenario(), { cwd });
    assert.equal(ofFile.record.header.digest, ofValue.record.header.digest);
    assert.equal(ofFile.record.header.file, 'a.json');
  });

  test('fills in variables from the environment that it passes', async t => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation of scenarios
    const value = { ...scenario(), target: 'http://127.0.0.1:${PORT}' };
    const { record } = await run(value, { cwd: await folder(t), env: { PORT: String(target.port) } });
    assert.equal(record.header.target, `http://127.0.0.1:${target.port}`);
  });

  test('hears of progress, and ends a run with a signal', async t => {
    const interruption = new AbortController();
    const { record, exitCode } = await run(
      { ...url(), duration: '1h' },
      {
        cwd: await folder(t),
        signal: interruption.signal,
        onEvent: event => {
          if (event.kind === 'progress' && event.progress.requests > 5) interruption.abort();
        },
      },
    );
    assert.equal(record.measurement.completion.state, 'interrupted');
    assert.equal(exitCode, 130);
  });

  test('sends nothing where its signal was aborted before', async () => {
    const reason = new Error('no more');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(run(scenario(), { signal }), reason);
    const urls = { base: scenario().target, head: 'http://127.0.0.1:1' };
    await assert.rejects(duet(scenario(), { ...urls, signal }), reason);
  });

  test('may leave out keys by writing undefined', async t => {
    const value = { ...scenario(), journeys: undefined, serve: undefined } as unknown as Scenario;
    const { record } = await run(value, { cwd: await folder(t) });
    assert.equal(record.measurement.completion.state, 'complete');
  });

  test('compares a run with records of earlier ones', async t => {
    const cwd = await folder(t);
    const { record: before } = await run(scenario(), { cwd });
    const { judgement } = await run(scenario(), { cwd, baseline: before });
    assert.notEqual(judgement.comparison.state, 'none');
    assert.equal(judgement.comparison.selection?.choice.kind, 'named');
  });

  test('is told the path inside its scenario, and every mistake at once', async () => {
    const wrong = {
      ...scenario(),
      load: { model: 'open', stages: [{ duration: 30, rate: '40/s' }] },
      users: 1,
    };
    assert.deepEqual(await placesOf(run(wrong as unknown as Scenario)), [
      'scenario: load.stages[0].duration',
      'scenario: users',
    ]);
  });

  test('is told of options where the command speaks of flags', async () => {
    const { duration: _, ...endless } = url();
    const problems = await problemsOf(run({ ...endless, poisson: true, rate: '0/s' } as UrlRun));
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['duration', 'rate'],
    );
    assert.equal(problems[0]?.instead, "duration: '10s'");
    assert.doesNotMatch(JSON.stringify(problems), /--/);
    const mixed = duet(scenario(), { base: 'http://127.0.0.1:1', head: 'main' });
    assert.deepEqual(await placesOf(mixed), ['base, head']);
  });

  test('is told of an API that already listens where its own would be started', async t => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const served = { start: 'sleep 60', ready: 'GET /ok' } as const;
    const value = { ...scenario(), target: `http://127.0.0.1:${port}`, serve: served };
    const [problem] = await problemsOf(run(value, { cwd: await folder(t) }));
    assert.equal(problem?.code, 'serve.port-in-use');
  });
});

describe('budgets in a program', () => {
  const record = exampleRecord();

  test('judge a record, and are the default limit where there are none', () => {
    assert.deepEqual(
      judge(record).judgement.findings.map(({ metric }) => metric.name),
      ['errorRate'],
    );
    const { judgement, exitCode } = judge(record, { defaults: { p95: '1ms' } });
    assert.deepEqual([judgement.verdict, exitCode], ['fail', 1]);
  });

  test('are checked against the record, by the path inside them', async () => {
    const budgets = {
      scenarios: { [record.header.scenario]: { endpoints: { 'GET /bill': { p95: '1s' } } } },
    } as const;
    const { scenario: name } = record.header;
    assert.deepEqual(await placesOf(() => judge(record, budgets)), [
      `budgets: scenarios.${name}.endpoints["GET /bill"]`,
    ]);
  });

  test('that were read from a file name its lines later', async t => {
    const cwd = await folder(t);
    const written = { scenarios: { [record.header.scenario]: { stages: { '9': { p95: '1s' } } } } };
    await writeFile(join(cwd, 'b.json'), JSON.stringify(written, null, 2));
    const budgets = await readBudgets('b.json', { cwd });
    const [place] = await placesOf(() => judge(record, budgets));
    assert.match(String(place), /^b\.json:5:9: /);
  });

  test('are refused when they are read where their shape is wrong', async () => {
    const wrong = { defaults: { p95: 100 } } as unknown as plimsoll.Budgets;
    assert.deepEqual(await placesOf(readBudgets(wrong)), ['budgets: defaults.p95']);
  });
});

describe('records in a program', () => {
  const before = exampleRecord({ header: { id: 'before' } });
  const after = exampleRecord({ header: { id: 'after' } });

  test('are compared, one with another or with several', async () => {
    const { judgement, record } = await compare(before, after);
    assert.equal(record, after);
    assert.equal(judgement.comparison.state, 'compared');
    const several = await compare([before, exampleRecord({ header: { id: 'between' } })], after);
    assert.equal(several.judgement.comparison.state, 'compared');
  });

  test('are refused where they are the same run', async () => {
    assert.deepEqual(await placesOf(compare(before, before)), ['base, head']);
  });

  test('are rendered in every format', () => {
    const judged = judge(after);
    assert.match(render(judged, 'markdown'), /\| `GET \/api\/bills` \|/);
    assert.match(render([judged, judged], 'terminal'), /requests/);
    assert.equal(JSON.parse(render(judged, 'json')).runs.length, 1);
  });
});
