import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const each = 20;
const loose = { defaults: { errorRate: '40%', p50: '5s' } };

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

/** Plays a load of 20 requests several times, of which some runs fail as a whole. */
async function repeated(
  t: TestContext,
  times: number,
  failing: readonly number[],
  more: readonly string[] = [],
) {
  const at = await place(t);
  let count = 0;
  const { url, received } = await startValueServer(t, (_, response) => {
    response.statusCode = failing.includes(1 + Math.floor(count / each)) ? 500 : 200;
    count += 1;
    response.end();
  });
  await at.write(
    'a.yaml',
    `target: ${url}\nload: { model: closed, users: 1, iterations: ${each} }\nsteps: [GET /a]\n`,
  );
  await at.write('budgets.json', loose);
  const out = join(at.folder, 'out');
  const argv = ['run', 'a.yaml', '--repeat', String(times), '--out', out, '--retries', '0', ...more];
  const said = await at.run(argv);
  const summary = said.code === 2 ? null : JSON.parse(await at.read('out/summary.json'));
  return { ...said, at, summary, requests: received.length };
}

describe('plimsoll run --repeat', () => {
  test('judges by the median, so that one run of three does not decide', async t => {
    const { code, stdout, summary, requests, at } = await repeated(t, 3, [2]);
    assert.equal(code, 0, stdout);
    assert.equal(requests, 3 * each);
    const [run] = summary.runs;
    assert.deepEqual(
      run.repeats.runs.map(({ verdict }: { verdict: string }) => verdict),
      ['pass', 'fail', 'pass'],
    );
    assert.deepEqual(
      run.repeats.values.find(({ metric }: { metric: string }) => metric === 'errorRate').observed,
      [0, 1, 0],
    );
    assert.notEqual(run.id, run.repeats.runs[1].id);
    assert.match(
      flat(stdout),
      /The load was played 3 times \(pass, fail, pass\)\. Each budget is judged by its median;/,
    );
    const report = await at.read('out/report.md');
    assert.match(report, /\| total \| errorRate \| 0% \| 100% \| 0%, 100%, 0% \| 40% \|/);
  });

  test('takes the worse of the two in the middle of an even number', async t => {
    const { code, stdout, summary } = await repeated(t, 2, [1]);
    assert.equal(code, 1, stdout);
    assert.equal(summary.runs[0].findings[0].metric, 'errorRate');
    assert.equal(summary.runs[0].findings[0].observed, 1);
    assert.match(flat(stdout), /judged by its median, the worse of the two in the middle/);
  });

  test('is a usual run once', async t => {
    const { code, stdout, summary } = await repeated(t, 1, []);
    assert.equal(code, 0, stdout);
    assert.equal(summary.runs[0].repeats, null);
  });

  test('is refused too often, for nothing, and beside what measures nothing', async t => {
    for (const [more, told] of [
      [
        ['--repeat', '0'],
        /--repeat: invalid value of a flag .*\n {2}found {5}0\n {2}expected {2}a whole number from 1 to 20/,
      ],
      [['--repeat', '21'], /found {5}21\n/],
      [['--repeat', '1e9'], /found {5}1e9\n/],
      [['--repeat=-3'], /found {5}-3\n/],
      [['--repeat', '2', '--once'], /--repeat, --once: /],
      [['--repeat', '2', '--dry-run'], /--repeat, --dry-run: /],
    ] as const) {
      const at = await place(t);
      await at.write(
        'a.yaml',
        'target: http://127.0.0.1:1\nload: { model: closed, users: 1, iterations: 1 }\nsteps: [GET /a]\n',
      );
      const { code, stderr } = await at.run(['run', 'a.yaml', ...more]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, told);
    }
  });

  test('judges what was finished before an interrupt', async t => {
    const at = await place(t);
    const interrupt = new AbortController();
    let count = 0;
    const { url } = await startValueServer(t, (_, response) => {
      count += 1;
      if (count === 2 * each + 5) interrupt.abort('SIGINT');
      response.end();
    });
    await at.write(
      'a.yaml',
      `target: ${url}\nload: { model: closed, users: 1, iterations: ${each}, pacing: 20ms }\nsteps: [GET /a]\n`,
    );
    await at.write('budgets.json', loose);
    const { code, stdout } = await at.run(
      ['run', 'a.yaml', '--repeat', '5', '--retries', '0', '--out', join(at.folder, 'out')],
      {
        interrupt: interrupt.signal,
      },
    );
    assert.equal(code, 130, stdout);
    assert.match(flat(stdout), /The load was played 2 times of 5 that were asked for \(pass, pass\)/);
  });
});
