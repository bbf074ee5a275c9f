import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Owner, thisOwner } from '../../../src/launch/process/owner.ts';
import { markText, ownerVariable } from '../../../src/launch/process/owner-mark.ts';
import { clearLeftBehind } from '../../../src/launch/workspace/workspace-sweep.ts';
import { program } from '../../program.ts';
import { isRunning } from './api.ts';

const owner = program(new URL('serving-owner.ts', import.meta.url));
const notLinux = { skip: process.platform !== 'linux' && 'only Linux tells processes apart' };
const noWorktrees = async () => {};

/** Starts processes, and kills what is left of them after the test. */
function nursery(t: TestContext) {
  const under = mkdtempSync(join(tmpdir(), 'plimsoll-launch-'));
  const pids: number[] = [];
  t.after(() => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    rmSync(under, { recursive: true, force: true });
  });
  return {
    under,
    clear: () => clearLeftBehind(noWorktrees, under),
    sleeper(mark: string | undefined): ChildProcess & { pid: number } {
      const env = { PATH: process.env.PATH, [ownerVariable]: mark };
      const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env });
      pids.push(child.pid as number);
      return child as ChildProcess & { pid: number };
    },
    /** A process that serves an API, which has a child in a session of its own; or only one process, which has cleared its environment. */
    async server(how: 'usual' | 'bare' | 'unnoted' = 'usual') {
      const child = spawn(process.execPath, [...owner.execArgv, owner.file, under, how], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      for await (const chunk of child.stdout) {
        said += chunk;
        if (said.includes('\n')) break;
      }
      const { api, session } = JSON.parse(said) as { api: number; session: number };
      pids.push(child.pid as number, api, ...(session > 0 ? [session] : []));
      return { child, api, session };
    },
  };
}

const workspacesIn = (folder: string) => readdirSync(folder).filter(name => name.startsWith('plimsoll-'));

/** The owner that a process was, which has ended. */
async function endedOwner(): Promise<Owner> {
  const child = spawn('sleep', ['0']);
  const ended = once(child, 'exit');
  await ended;
  return { ...thisOwner(), pid: child.pid as number, startTicks: 1 };
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(done => setTimeout(done, 20));
};

describe('what was started', notLinux, () => {
  test('is ended by the next command where its owner was killed, in whatever session it is', async t => {
    const at = nursery(t);
    const { child, api, session } = await at.server();
    await at.clear();
    assert.ok([api, session].every(isRunning), 'while its owner lives, nobody touches it');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await at.clear();
    assert.deepEqual([api, session].filter(isRunning), []);
  });

  test('is ended with its owner where that stops it, in whatever session it is', async t => {
    const at = nursery(t);
    const { child, api, session } = await at.server();
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.deepEqual([api, session].filter(isRunning), []);
  });

  test('is ended at once where its owner exits without stopping it', async t => {
    const at = nursery(t);
    const { child, api, session } = await at.server();
    child.kill('SIGINT');
    await once(child, 'exit');
    await until(() => ![api, session].some(isRunning));
  });
});

describe('what a run starts', notLinux, () => {
  test('is ended also where it has cleared its environment, and no folder stays', async t => {
    const at = nursery(t);
    const { child, api } = await at.server('bare');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    assert.ok(isRunning(api), 'no other command knows of it');
    const said = await at.clear();
    assert.ok(
      said.includes('ended what a command that was killed had left behind: 1 process'),
      said.join('\n'),
    );
    assert.ok(!isRunning(api), 'it is ended');
    assert.deepEqual(workspacesIn(at.under), []);
  });

  test('leaves no folder where it is stopped, and is started also where no note can be written', async t => {
    const at = nursery(t);
    for (const how of ['bare', 'unnoted'] as const) {
      const { child, api } = await at.server(how);
      assert.equal(workspacesIn(at.under).length, how === 'bare' ? 1 : 0);
      child.kill('SIGTERM');
      await once(child, 'exit');
      assert.ok(!isRunning(api), 'it is stopped');
      assert.deepEqual(workspacesIn(at.under), []);
    }
  });
});

describe('a process that nobody killed left behind', notLinux, () => {
  test('is not touched', async t => {
    const at = nursery(t);
    const ended = await endedOwner();
    const orphan = at.sleeper(markText({ owner: ended, group: 1 }));
    const strangers = {
      unmarked: undefined,
      'of a living owner': markText({ owner: thisOwner(), group: 1 }),
      'of another boot': markText({ owner: { ...ended, boot: '0'.repeat(36) }, group: 1 }),
      'of another container': markText({ owner: { ...ended, namespace: 'pid:[1]' }, group: 1 }),
      'with a mark of another form': `${ended.pid} 1 1`,
      'with words behind its mark': `${markText({ owner: ended, group: 1 })} x`,
      'with an empty mark': '',
    };
    const spared = Object.entries(strangers).map(([what, mark]) => ({ what, pid: at.sleeper(mark).pid }));
    await at.clear();
    assert.ok(!isRunning(orphan.pid), 'the orphan is ended');
    assert.deepEqual(
      spared.filter(({ pid }) => !isRunning(pid)),
      [],
    );
  });

  // In process ids of its own, where no other test takes it for an orphan.
  const apart = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
  const isApart = spawnSync('unshare', [...apart, 'true']).status === 0;
  const skip = !isApart && 'this system lets nobody have process ids of his own';

  test('is not touched where the command comes from the same owner', { skip }, async t => {
    const at = nursery(t);
    const from = (path: string) =>
      JSON.stringify(new URL(`../../../src/launch/${path}`, import.meta.url).href);
    const text = `
      import { spawn, spawnSync } from 'node:child_process';
      import { thisOwner } from ${from('process/owner.ts')};
      import { markText } from ${from('process/owner-mark.ts')};
      import { clearLeftBehind } from ${from('workspace/workspace-sweep.ts')};
      if (process.env.${ownerVariable} === undefined) {
        const mark = markText({ owner: { ...thisOwner(), pid: 99_999, startTicks: 1 }, group: 1 });
        const env = { ...process.env, ${ownerVariable}: mark };
        const args = [...process.execArgv, '--eval', process.env.TEXT];
        spawnSync(process.execPath, args, { env, stdio: 'inherit' });
      } else {
        const sibling = spawn('sleep', ['60'], { stdio: 'ignore' });
        await new Promise(done => setTimeout(done, 100));
        const { ${ownerVariable}: mark } = process.env;
        const other = spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, ${ownerVariable}: mark.replace('99999', '99998') } });
        await new Promise(done => setTimeout(done, 100));
        const ended = new Promise(done => other.once('exit', done));
        await clearLeftBehind(async () => {}, ${JSON.stringify(at.under)});
        await Promise.race([ended, new Promise(done => setTimeout(done, 20_000).unref())]);
        console.log(sibling.signalCode, other.signalCode);
        sibling.kill();
      }`;
    const args = [`--import=${import.meta.resolve('tsx')}`, '--input-type=module'];
    const child = spawn('unshare', [...apart, process.execPath, ...args, '--eval', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TEXT: text },
    });
    assert.equal(String(Buffer.concat(await child.stdout.toArray())), 'null SIGTERM\n');
  });
});
