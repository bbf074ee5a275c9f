import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { freePort } from '../target/free-port.ts';
import { startTarget } from '../target/target.ts';
import { looseBudgets, measured, until, type Workspace, workspace } from './plimsoll.ts';

/** A small API of its own, which says on its log that it was asked to end. */
const api = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/ready') console.log('asked whether ready');
  else console.log('loaded');
  response.end('{"pid":' + process.pid + '}');
});
server.listen(Number(process.env.PORT), process.env.HOST, () => console.log('pid', process.pid));
process.on('SIGTERM', () => { console.log('ending'); process.exit(0); });
`;

const scenario = (port: number, more = '') => `name: served
target: http://127.0.0.1:${port}
serve: { start: node api.mjs, ready: GET /ready, timeout: 20s }
load: { model: open, stages: [{ duration: 2s, rate: 200/s }] }
steps: [GET /]
${more}`;

/** A process that has ended but that nobody has waited for yet, a zombie, lives no more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : '';
  return !/\) Z /.test(stat);
}

describe('an API that Plimsoll serves itself', () => {
  let here: Workspace;
  let port: number;
  before(async () => {
    here = await workspace();
    port = await freePort();
    await here.write('budgets.json', looseBudgets);
    await here.write('api.mjs', api);
    await here.write('served.yaml', scenario(port));
  });
  after(() => here.dispose());

  const pidInLog = async () => Number(/pid (\d+)/.exec(await here.read('reports/logs/served.log'))?.[1]);

  const isLinux = process.platform === 'linux';
  it('is ended by the next run where Plimsoll was killed, which finds its port free', {
    skip: !isLinux,
  }, async t => {
    const killed = here.start(['run', 'served.yaml']);
    await until(() =>
      here.read('reports/logs/served.log').then(
        log => log.includes('loaded'),
        () => false,
      ),
    );
    const pid = await pidInLog();
    killed.process.kill('SIGKILL');
    await killed.ended;
    const ended = await measured(t, () => here.run(['run', 'served.yaml']));
    if (ended === null) return;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.ok(!isAlive(pid), 'nothing of it runs');
    await rm(join(here.folder, 'reports'), { recursive: true });
  });

  it('is started, measured when it is ready, and stopped', async t => {
    const ended = await measured(t, () => here.run(['run', 'served.yaml']));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 0, stdout + stderr);
    assert.equal((await here.summary()).runs[0]?.total.ok, 400);
    const log = await here.read('reports/logs/served.log');
    assert.match(log, /asked whether ready[\s\S]*ending/);
    assert.equal(isAlive(await pidInLog()), false);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const) {
    it(`is stopped after ${signal} too`, async () => {
      const name = `long-${signal}`;
      await here.write('long.yaml', scenario(port).replace('2s, rate', '10m, rate').replace('served', name));
      const command = here.start(['run', 'long.yaml']);
      const log = () => here.read(`reports/logs/${name}.log`).catch(() => '');
      await until(async () => /loaded/.test(await log()));
      command.process.kill(signal);
      const { code: ended, stderr } = await command.ended;
      assert.equal(ended, code, stderr);
      assert.match(await log(), /ending/);
      assert.equal(isAlive(Number(/pid (\d+)/.exec(await log())?.[1])), false);
    });
  }

  it('is killed where Plimsoll is told twice to leave', async () => {
    await here.write(
      'stubborn.mjs',
      api
        .replace("else console.log('loaded');", "else { console.log('loaded'); return; }")
        .replace("console.log('ending'); process.exit(0);", "console.log('asked to end');"),
    );
    await here.write(
      'stubborn.yaml',
      scenario(port, 'defaults: { timeout: 60s }\n')
        .replace('api.mjs', 'stubborn.mjs')
        .replace('2s, rate', '10m, rate')
        .replace('served', 'stubborn'),
    );
    const command = here.start(['run', 'stubborn.yaml', '--out', 'stubborn']);
    const log = () => here.read('stubborn/logs/stubborn.log').catch(() => '');
    await until(async () => /loaded/.test(await log()));
    command.process.kill('SIGINT');
    await until(() => /Stopping/.test(command.stderr()));
    command.process.kill('SIGINT');
    const { code, stdout } = await command.ended;
    assert.equal(code, 130);
    assert.equal(stdout, '');
    const pid = Number(/pid (\d+)/.exec(await log())?.[1]);
    await until(() => !isAlive(pid));
    // Told once, Plimsoll waits for answers, asks the API to end, and kills it when it does not.
    assert.doesNotMatch(await log(), /asked to end/);
  });

  it('is killed after one SIGTERM where it does not listen to it, and what was measured is saved', async () => {
    await here.write(
      'deaf.mjs',
      api.replace("console.log('ending'); process.exit(0);", "console.log('asked to end');"),
    );
    await here.write(
      'deaf.yaml',
      scenario(port)
        .replace('api.mjs', 'deaf.mjs')
        .replace('2s, rate', '10m, rate')
        .replace('served', 'deaf'),
    );
    const command = here.start(['run', 'deaf.yaml', '--out', 'deaf']);
    const log = () => here.read('deaf/logs/deaf.log').catch(() => '');
    await until(async () => /loaded/.test(await log()));
    command.process.kill('SIGTERM');
    const { code, stderr } = await command.ended;
    assert.equal(code, 143, stderr);
    assert.match(await log(), /asked to end/);
    assert.equal(isAlive(Number(/pid (\d+)/.exec(await log())?.[1])), false);
    assert.equal(
      (await readdir(join(here.folder, 'deaf/runs'))).filter(name => name.endsWith('.json')).length,
      1,
    );
  });

  it('that ends while it is measured is no measurement, whatever its budgets; a firm fail still fails', async () => {
    const dying = `
let left = 160;
require('node:http').createServer((request, response) => {
  response.end('ok');
  if (request.url === '/' && --left === 0) setTimeout(() => { console.error('out of memory'); process.exit(7); }, 5);
}).listen(Number(process.env.PORT), process.env.HOST);`;
    await here.write('dies.cjs', dying);
    await here.write('half.json', { defaults: { errorRate: '50%' }, endpointDefaults: { p95: '8s' } });
    await here.write(
      'dies.yaml',
      scenario(port)
        .replace('node api.mjs', 'node dies.cjs')
        .replace('2s, rate', '1s, rate')
        .replace('GET /ready', 'GET /up')
        .replace('served', 'dies'),
    );
    const { code, stdout, stderr } = await here.run([
      'run',
      'dies.yaml',
      '--budgets',
      'half.json',
      '--out',
      'dies',
    ]);
    assert.equal(code, 3, stdout + stderr);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /INVALID.*ended .* into the run \(exit code 7\)/);
    assert.match(stdout, /out of memory/);
    assert.match(await here.read('dies/report.md'), /exit code 7[\s\S]*`out of memory`/);
    const [run] = (JSON.parse(await here.read('dies/summary.json')) as Summary).runs;
    assert.equal(run?.verdict, 'invalid');
    assert.deepEqual([run?.serverEnd?.code, run?.serverEnd?.lastLines], [7, ['out of memory']]);
    const judged = await here.run([
      'judge',
      `dies/runs/${(await readdir(join(here.folder, 'dies/runs')))[0]}`,
    ]);
    assert.equal(judged.code, 1, judged.stdout);
    assert.match(
      judged.stdout.replaceAll(/\s+/g, ' '),
      /FAIL.*error rate.*ended .* into the run \(exit code 7\)/,
    );
  });

  it('that never starts is told with the end of its log: exit 3', async () => {
    await here.write('dead.yaml', scenario(port).replace('node api.mjs', 'echo no database here; exit 7'));
    const { code, stderr } = await here.run(['run', 'dead.yaml']);
    assert.equal(code, 3);
    assert.match(stderr, /no database here/);
    assert.match(stderr, /7/);
  });

  it('is not started where its port is taken: exit 2', async () => {
    const occupant = await startTarget({}, port);
    try {
      const { code, stderr } = await here.run(['run', 'served.yaml']);
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`${port}`));
    } finally {
      await occupant.stop();
    }
  });
});

describe('a server that dies in mid-run', () => {
  it('ends the run on time with failures that add up: exit 1', async () => {
    const here = await workspace();
    const target = await startTarget({ '/ok': { delayMs: 2 } });
    try {
      await here.write('budgets.json', looseBudgets);
      const { ended } = here.start([
        'run',
        '--url',
        `${target.url}/ok`,
        '--rate',
        '100/s',
        '--duration',
        '6s',
      ]);
      await until(async () => (await target.counts()).requests > 200);
      await target.stop();
      const { code, stdout } = await ended;
      assert.equal(code, 1, stdout);
      const [run] = (await here.summary()).runs;
      assert.ok(run, 'there is a run');
      const failed = Object.values(run.total.failures).reduce((sum, count) => sum + (count ?? 0), 0);
      assert.equal(run.total.requests, 600);
      assert.equal(run.total.ok + failed, 600);
      assert.ok((run.total.failures.refused ?? 0) > 200, JSON.stringify(run.total.failures));
    } finally {
      await target.stop();
      await here.dispose();
    }
  });
});
