import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { stopAllNow } from '../../../src/launch/process/process-group.ts';
import type { ServeOptions } from '../../../src/launch/process/serve.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import type { Serve } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { answering, isRunning, type Place, place } from './api.ts';

/** Starts a script, and a second process of its own beside it, each of which may ignore SIGTERM. */
function family(at: Place, ignoring: readonly ('parent' | 'child')[]): string {
  const ignore = (who: 'parent' | 'child') =>
    ignoring.includes(who) ? "process.on('SIGTERM', () => console.log('no'));" : '';
  at.script(
    'child.js',
    `${ignore('child')} require('node:fs').writeFileSync('child', String(process.pid)); setInterval(() => {}, 1000);
     process.send('up');`,
  );
  return at.script(
    'parent.js',
    `${ignore('parent')}
     require('node:child_process').fork('./child.js').once('message', () => { ${answering()} });`,
  );
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await new Promise(done => setTimeout(done, 20));
}

describe('stopping', () => {
  test('ends what the command has started, too', async t => {
    const at = await place(t);
    const served = await at.serve(`${family(at, [])}; echo the shell outlives it`);
    const pids = [served.pid, Number(at.read('pid')), Number(at.read('child'))];
    assert.equal(new Set(pids).size, 3);
    assert.ok(pids.every(isRunning), 'it runs');
    await served.stop();
    assert.ok(!pids.some(isRunning), 'it runs no more');
  });

  test('kills what ignores the request to end, though the command itself has ended', async t => {
    const at = await place(t);
    const served = await at.serve(family(at, ['child']));
    const pids = [served.pid, Number(at.read('pid')), Number(at.read('child'))];
    await served.stop();
    assert.ok(!pids.some(isRunning), 'it runs no more');
    assert.ok(served.lastLines().includes('no'), 'it was asked before it was killed');
  });

  test('kills a command that ignores the request to end', async t => {
    const at = await place(t);
    const served = await at.serve(family(at, ['parent', 'child']));
    await served.stop();
    assert.ok(
      ![Number(at.read('pid')), Number(at.read('child'))].some(isRunning),
      'a process of the group still runs',
    );
    assert.equal((await served.exited).code, null);
  });

  test('ends the children of a command that died by itself', async t => {
    const at = await place(t);
    const served = await at.serve(family(at, []));
    process.kill(Number(at.read('pid')), 'SIGKILL');
    await served.exited;
    assert.ok(isRunning(Number(at.read('child'))), 'it runs');
    assert.equal(served.isGone(), false);
    await served.stop();
    assert.equal(served.isGone(), true);
    assert.ok(!isRunning(Number(at.read('child'))), 'it runs no more');
  });

  test('lets an API end in its own way first', async t => {
    const at = await place(t);
    const polite =
      "process.on('SIGTERM', () => setTimeout(() => { console.log('closed'); process.exit(0); }, 300));";
    const served = await at.serve(at.script('api.js', answering(polite)));
    await served.stop();
    assert.deepEqual(served.lastLines(), ['listening', 'closed']);
  });
});

describe('the last resort', () => {
  test('kills every group at once, stubborn ones too', async t => {
    const [one, two] = [await place(t), await place(t)];
    const served = [
      await one.serve(family(one, ['parent', 'child'])),
      await two.serve(two.script('api.js', answering())),
    ];
    const pids = [one.read('pid'), one.read('child'), two.read('pid')].map(Number);
    assert.ok(pids.every(isRunning), 'it runs');
    stopAllNow();
    const exits = await Promise.all(served.map(({ exited }) => exited));
    assert.deepEqual(
      exits.map(({ signal }) => signal),
      ['SIGKILL', 'SIGKILL'],
    );
    await untilGone(pids);
  });

  for (const [how, code] of [
    ['exits', 'process.exit(0)'],
    ['is ended by an exception', "setTimeout(() => { throw new Error('bug'); })"],
  ] as const) {
    test(`runs by itself where this process ${how}`, async t => {
      const at = await place(t);
      const start = family(at, ['parent', 'child']);
      const source = new URL('../../../src/launch/process/serve.ts', import.meta.url).href;
      const plan: Serve = {
        install: null,
        build: null,
        start,
        ready: { method: 'GET', path: '/' },
        timeout: millis(30_000),
        directory: at.folder,
      };
      const url = `http://127.0.0.1:${at.port}`;
      const options: Omit<ServeOptions, 'env'> = {
        target: { host: '127.0.0.1', port: at.port, url, socketPath: null },
        tls: usualTransport.tls,
        logFile: at.logFile,
      };
      const program = `
        import { serve } from ${JSON.stringify(source)};
        await serve(${JSON.stringify(plan)}, { ...${JSON.stringify(options)}, env: process.env });
        console.log('ready');
        ${code};`;
      const args = [`--import=${import.meta.resolve('tsx')}`, '--input-type=module', '--eval', program];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const said = await child.stdout.toArray();
      assert.equal(String(Buffer.concat(said)), 'ready\n');
      const pids = [Number(at.read('pid')), Number(at.read('child'))];
      await untilGone(pids);
    });
  }
});
