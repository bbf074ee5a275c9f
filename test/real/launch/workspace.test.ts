import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { build } from '../../../src/launch/process/build.ts';
import { noted, thisOwner } from '../../../src/launch/process/owner.ts';
import { markText, ownerVariable } from '../../../src/launch/process/owner-mark.ts';
import { startGroup } from '../../../src/launch/process/process-group.ts';
import { processEntries, processEntry } from '../../../src/launch/process/process-table.ts';
import { openWorkspace } from '../../../src/launch/workspace/workspace.ts';
import { readNote, type WorkspaceNote, writeNote } from '../../../src/launch/workspace/workspace-note.ts';
import { clearLeftBehind } from '../../../src/launch/workspace/workspace-sweep.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { addWorktree, removeWorktrees } from '../../../src/store/git/worktree.ts';
import { program } from '../../program.ts';
import { newRepository, type Repository } from '../store/repository.ts';
import { answering, isRunning } from './api.ts';

const owner = program(new URL('workspace-owner.ts', import.meta.url));
const notLinux = { skip: process.platform !== 'linux' && 'only Linux tells processes apart' };

/** A place for workspaces, with a repository beside it; whatever a test leaves there is ended and removed. */
async function site(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-launch-')));
  const under = join(root, 'tmp');
  mkdirSync(under);
  const repository = newRepository(join(root, 'repository'));
  await repository.commit('one');
  const children: ChildProcess[] = [];
  t.after(async () => {
    for (const child of children) {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
      if (child.pid !== undefined) signalGroup(child.pid);
      await ended;
    }
    for (const { pid } of processesOf(root)) signalProcess(pid);
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root,
    under,
    repository,
    /** What is said of workspaces: other tests may leave processes behind at the same time. */
    async sweep(remove = removeWorktrees) {
      const sentences = await clearLeftBehind(remove, under);
      return sentences.filter(sentence => !/^ended |^the process group /.test(sentence));
    },
    workspaces: () => readdirSync(under).filter(name => name.startsWith('plimsoll-')),
    /** A group of its own that stays until it is killed. */
    group(command: string, env: NodeJS.ProcessEnv = process.env, cwd: string = root): ChildProcess {
      const child = spawn(command, { shell: true, detached: true, stdio: 'ignore', env, cwd });
      children.push(child);
      return child;
    },
    /** A process that holds a workspace, in a group with the git that it calls. */
    owner(start: string) {
      const args = [...owner.execArgv, owner.file, under, repository.folder, start];
      const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const output = { text: '' };
      child.stdout.on('data', chunk => {
        output.text += chunk;
      });
      return {
        output,
        async until(sign: string) {
          while (!output.text.includes(sign)) {
            assert.equal(child.exitCode, null, 'the owner lives');
            await delay(10);
          }
        },
        async kill() {
          const ended = once(child, 'exit');
          signalGroup(child.pid as number);
          await ended;
        },
        /** Leaves the git that it calls alive. */
        async killAlone() {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        },
      };
    },
  };
}

function signalGroup(pgid: number): void {
  try {
    process.kill(-pgid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function signalProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The processes that work in a folder or below it. */
function processesOf(folder: string) {
  return [...processEntries()].filter(({ pid, isAlive }) => {
    try {
      return isAlive && realpathSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

/** What git keeps of the worktrees of a repository. */
function entriesOf({ folder }: Repository): string[] {
  const entries = join(folder, '.git', 'worktrees');
  return existsSync(entries) ? readdirSync(entries) : [];
}

const worktreeCount = ({ run }: Repository) => run('worktree', 'list').split('\n').length;

const untilEnded = async (...pids: readonly number[]) => {
  while (pids.some(isRunning)) await delay(20);
};

/** An API of two processes, both of which ignore SIGTERM where they are told to. */
function apiIn({ folder, run }: Repository, ignores = false): string {
  const ignore = ignores ? "process.on('SIGTERM', () => {});" : '';
  writeFileSync(join(folder, 'child.js'), `${ignore} setInterval(() => {}, 1000); process.send('up');`);
  const fork = `${ignore} require('node:child_process').fork('./child.js').once('message', () => {`;
  writeFileSync(join(folder, 'api.js'), `${fork} ${answering()} });`);
  run('add', '.');
  run('commit', '--quiet', '--message=api');
  return `"${process.execPath}" api.js; true`;
}

describe('a workspace', () => {
  test('is gone when it is closed, with all that was noted in it', async t => {
    const at = await site(t);
    const workspace = openWorkspace(at.repository.folder, removeWorktrees, at.under);
    const place = workspace.noteWorktree('1');
    await addWorktree(at.repository.folder, 'HEAD', place);
    const group = await startGroup('sleep 60', {
      directory: place,
      env: { ...process.env, ...workspace.env },
      output: 1,
    });
    workspace.noteGroup(group);
    assert.equal(worktreeCount(at.repository), 2);
    assert.deepEqual(await at.sweep(), [], 'its owner lives');
    assert.ok(isRunning(group.pid), 'it was not touched');

    await workspace.close();
    assert.ok(group.isGone(), 'nothing runs');
    assert.deepEqual(at.workspaces(), []);
    assert.equal(worktreeCount(at.repository), 1);
    await workspace.close();
  });

  test('notes only the groups that may still have a process', async t => {
    const at = await site(t);
    const workspace = openWorkspace(at.repository.folder, removeWorktrees, at.under);
    const options = { directory: at.root, env: process.env, output: 1 };
    const first = await startGroup('true', options);
    workspace.noteGroup(first);
    await first.exited;
    await first.stop();
    const second = await startGroup('sleep 60', options);
    workspace.noteGroup(second);
    assert.deepEqual(readNote(workspace.directory)?.groups, [noted(second.pid)]);
    await workspace.close();
  });

  test('keeps what is started there from taking another work tree for its own, as in a git hook', async t => {
    const at = await site(t);
    const workspace = openWorkspace(at.repository.folder, removeWorktrees, at.under);
    const place = workspace.noteWorktree('1');
    const ofHook = { GIT_DIR: join(at.root, 'elsewhere'), GIT_INDEX_FILE: 'x', GIT_WORK_TREE: at.root };
    const env = { ...process.env, ...ofHook, ...workspace.env };
    const { directory } = await addWorktree(at.repository.folder, 'HEAD', place, { env });
    const logFile = join(at.root, 'build.log');
    const command = 'git rev-parse --show-toplevel && git status --porcelain';
    await build([{ name: 'build', command }], { directory, env, logFile, onStart: workspace.noteGroup });
    assert.equal(readFileSync(logFile, 'utf8'), `${place}\n`);
    await workspace.close();
  });

  test('needs a folder that can be written', async t => {
    const at = await site(t);
    assert.throws(
      () => openWorkspace(at.repository.folder, removeWorktrees, join(at.root, 'gone')),
      (error: unknown) => error instanceof PlimsollError && error.problems[0]?.code === 'output.unwritable',
    );
  });
});

describe('after a duet was killed, the next one', notLinux, () => {
  for (const ignores of [false, true]) {
    test(`ends its servers${ignores ? ', also such as ignore it,' : ''} and removes its worktrees and its folder`, async t => {
      const at = await site(t);
      const owner = at.owner(apiIn(at.repository, ignores));
      await owner.until('served');
      const [workspace = ''] = owner.output.text.split('\n');
      assert.deepEqual(await at.sweep(), [], 'its owner lives');
      const left = processesOf(workspace);
      assert.ok(left.length >= 2, `${left.length} processes serve`);
      await owner.kill();
      assert.ok(
        readdirSync(workspace).some(name => existsSync(join(workspace, name, 'built'))),
        'the worktree is there',
      );
      assert.equal(worktreeCount(at.repository), 2);

      const [sentence = '', ...others] = await at.sweep();
      assert.match(
        sentence,
        /^removed what a command that was killed had left behind: 1 worktree(?:, \d+ process(?:es)?)?$/,
      );
      assert.deepEqual(others, []);
      assert.ok(!left.some(({ pid }) => isRunning(pid)), 'nothing of it runs');
      assert.deepEqual(at.workspaces(), []);
      assert.equal(worktreeCount(at.repository), 1);
      assert.deepEqual(await at.sweep(), []);
    });
  }

  test('does so whenever it was killed', async t => {
    const at = await site(t);
    const start = apiIn(at.repository);
    for (let round = 0; round < 8; round += 1) {
      const owner = at.owner(start);
      await owner.until('\n');
      await delay(Math.random() * 500);
      await owner.kill();
      // One that was killed before it wrote its note is cleared away when it is older than a note takes.
      const past = new Date(Date.now() - 120_000);
      for (const name of at.workspaces()) {
        const folder = join(at.under, name);
        if (!existsSync(join(folder, 'note.json'))) utimesSync(folder, past, past);
      }
      await at.sweep();
      assert.deepEqual(at.workspaces(), []);
      assert.deepEqual(processesOf(at.under), []);
      assert.equal(worktreeCount(at.repository), 1);
    }
    assert.deepEqual(entriesOf(at.repository), []);
  });
});

describe('a git that outlives its duet', notLinux, () => {
  test('is ended before the worktree that it fills is removed', async t => {
    const at = await site(t);
    const { folder, run } = at.repository;
    writeFileSync(join(folder, '.gitattributes'), 'slow filter=slow\n');
    writeFileSync(join(folder, 'slow'), 'slow');
    run('add', '.');
    run('commit', '--quiet', '--message=slow');
    const sign = join(at.root, 'fills');
    run('config', 'filter.slow.smudge', `touch '${sign}'; exec sleep 60`);
    const owner = at.owner('true');
    await owner.until('\n');
    while (!existsSync(sign)) await delay(20);
    const [workspace = ''] = owner.output.text.split('\n');
    const left = processesOf(workspace);
    await owner.killAlone();
    await at.sweep();
    assert.ok(!left.some(({ pid }) => isRunning(pid)), 'nothing of it runs');
    assert.deepEqual(at.workspaces(), []);
    assert.deepEqual(entriesOf(at.repository), []);
  });

  test('leaves no entry where it was killed before it wrote down the path', async t => {
    const at = await site(t);
    const [ours, renamed, others] = ['1-AbC123', '1-AbC1231', '1-AbC123x'] as const;
    const entries = join(at.repository.folder, '.git', 'worktrees');
    for (const name of [ours, renamed, others]) {
      mkdirSync(join(entries, name), { recursive: true });
      writeFileSync(join(entries, name, 'locked'), 'initializing');
    }
    const kept = join(at.root, ours);
    await addWorktree(at.repository.folder, 'HEAD', kept);
    await removeWorktrees(at.repository.folder, [join(at.under, ours)]);
    assert.deepEqual(entriesOf(at.repository).sort(), ['1-AbC1232', others].sort(), 'what is not ours stays');
    assert.ok(existsSync(kept), 'a worktree of that name elsewhere stays');
  });
});

describe('the workspace of a duet that was killed', notLinux, () => {
  /** A workspace whose owner has ended. */
  async function orphan(at: Awaited<ReturnType<typeof site>>, about: Partial<WorkspaceNote> = {}) {
    const directory = mkdtempSync(join(at.under, 'plimsoll-workspace-'));
    const ended = at.group('true');
    const owner = { ...thisOwner(), ...noted(ended.pid as number) };
    await once(ended, 'exit');
    writeNote(directory, {
      ...{ version: 1, owner, repository: at.repository.folder, worktrees: [], groups: [] },
      ...about,
    });
    return directory;
  }

  test('costs no stranger his life, to whom the number of a group belongs by now', async t => {
    const at = await site(t);
    const stranger = at.group('sleep 60');
    const pid = stranger.pid as number;
    await orphan(at, { groups: [{ pid, startTicks: (processEntry(pid)?.startTicks ?? 0) - 1 }] });
    await orphan(at, { groups: [{ pid, startTicks: null }] });
    assert.deepEqual(await at.sweep(), []);
    assert.ok(isRunning(pid), 'the stranger lives');
    assert.deepEqual(at.workspaces(), []);
  });

  test('is known to be orphaned where the number of its owner belongs to another by now', async t => {
    const at = await site(t);
    const owner = { ...thisOwner(), startTicks: 1 };
    await orphan(at, { owner });
    assert.deepEqual(await at.sweep(), []);
    assert.deepEqual(at.workspaces(), []);
  });

  /** A group whose leader has ended, and a member that lives on. */
  async function headless(at: Awaited<ReturnType<typeof site>>, env: NodeJS.ProcessEnv, cwd: string) {
    const file = join(at.root, `pid-${Math.random()}`);
    const leader = at.group(
      `sleep 60 & echo $! > '${file}.part'; mv '${file}.part' '${file}'; exit`,
      env,
      cwd,
    );
    const group = noted(leader.pid as number);
    await once(leader, 'exit');
    const member = Number(execFileSync('cat', [file], { encoding: 'utf8' }));
    assert.ok(isRunning(member), 'the member lives');
    return { group, member };
  }
  const plain = { PATH: process.env.PATH };

  test('is known by the mark in the environment of what lives on', async t => {
    const at = await site(t);
    const directory = await orphan(at);
    const owner = readNote(directory)?.owner;
    assert.ok(owner, 'there is a note');
    const { member } = await headless(
      at,
      { ...plain, [ownerVariable]: markText({ owner, group: 1 }) },
      at.root,
    );
    await at.sweep();
    await untilEnded(member);
    assert.deepEqual(at.workspaces(), []);
  });

  test('is known by the folder in which a member of a noted group works', async t => {
    const at = await site(t);
    const directory = await orphan(at);
    mkdirSync(join(directory, '1'));
    const { group, member } = await headless(at, plain, join(directory, '1'));
    const note = readNote(directory);
    assert.ok(note, 'there is a note');
    writeNote(directory, { ...note, worktrees: ['1'], groups: [group] });
    assert.match((await at.sweep()).join(), /1 worktree, 1 process$/);
    await untilEnded(member);
    assert.deepEqual(at.workspaces(), []);
  });

  test('stays whole where it cannot be told whose the processes are', async t => {
    const at = await site(t);
    const { group, member } = await headless(at, plain, at.root);
    const directory = await orphan(at, { groups: [group] });
    const [sentence = ''] = await at.sweep();
    assert.ok(sentence.startsWith(`${directory} stays: `) && sentence.includes(`${group.pid}`), sentence);
    assert.ok(isRunning(member), 'it lives');
    assert.ok(existsSync(directory), 'it stays');
    process.kill(member, 'SIGKILL');
    await untilEnded(member);
    assert.deepEqual(await at.sweep(), []);
    assert.deepEqual(at.workspaces(), []);
  });

  test('has no processes any more where the system was started again', async t => {
    const at = await site(t);
    const group = at.group('sleep 60');
    const owner = { ...thisOwner(), boot: 'another' };
    await orphan(at, { owner, groups: [noted(group.pid as number)] });
    assert.deepEqual(await at.sweep(), []);
    assert.deepEqual(at.workspaces(), []);
    assert.ok(isRunning(group.pid as number), 'what has its number now lives');
  });

  const elsewhere = [{ namespace: 'pid:[1]' }, { boot: 'another', host: 'another' }];
  for (const there of elsewhere) {
    test(`stays where its owner may live elsewhere: ${Object.keys(there)}`, async t => {
      const at = await site(t);
      const directory = await orphan(at, { owner: { ...thisOwner(), ...noted(1), ...there } });
      assert.match(
        (await at.sweep()).join(),
        /stays: whether the command with process 1 on .* cannot be told from here/,
      );
      assert.ok(existsSync(directory), 'it stays');
    });
  }

  test('stays where its note is damaged, and leads nowhere outside', async t => {
    const at = await site(t);
    const kept = join(at.under, 'kept');
    mkdirSync(kept);
    const sound: WorkspaceNote = {
      ...{ version: 1, repository: at.repository.folder, worktrees: [], groups: [] },
      owner: { ...thisOwner(), pid: 1, startTicks: 1 },
    };
    const texts = [
      '{ "version": 1',
      'null',
      JSON.stringify({ ...sound, version: 2 }),
      ...['../kept', kept, '', '.', 'a/../../kept'].map(name =>
        JSON.stringify({ ...sound, worktrees: [name] }),
      ),
      ...[0, 1, -5, '7', 1.5].map(pid => JSON.stringify({ ...sound, groups: [{ pid, startTicks: null }] })),
    ];
    const lastHour = Date.now() / 1_000 - 3_600;
    for (const text of texts) {
      const directory = mkdtempSync(join(at.under, 'plimsoll-workspace-'));
      writeFileSync(join(directory, 'note.json'), text);
      utimesSync(directory, lastHour, lastHour);
      const [sentence = '', ...others] = await at.sweep();
      assert.equal(
        sentence,
        `${directory} stays: the note of what it holds is damaged, or of another version of Plimsoll`,
        text,
      );
      assert.deepEqual(others, []);
      rmSync(directory, { recursive: true });
    }
    assert.ok(existsSync(kept), 'nothing else was touched');
  });

  test('is removed where it was killed before it had a note, but not at once', async t => {
    const at = await site(t);
    const directory = mkdtempSync(join(at.under, 'plimsoll-workspace-'));
    assert.deepEqual(await at.sweep(), []);
    assert.ok(existsSync(directory), 'its owner may be about to write the note');
    const lastHour = Date.now() / 1_000 - 3_600;
    utimesSync(directory, lastHour, lastHour);
    assert.deepEqual(await at.sweep(), []);
    assert.deepEqual(at.workspaces(), []);
  });

  test('does not keep the others from being removed', async t => {
    const at = await site(t);
    const stuck = await orphan(at, { worktrees: ['1'] });
    await orphan(at);
    const refuse: typeof removeWorktrees = async (repository, directories) => {
      if (directories[0]?.startsWith(stuck)) {
        throw new PlimsollError([{ code: 'folder.not-removed', found: 'EACCES' }]);
      }
      await removeWorktrees(repository, directories);
    };
    const sentences = await at.sweep(refuse);
    assert.deepEqual(
      sentences.map(sentence => sentence.split(' ').at(-1)),
      ['EACCES'],
    );
    assert.ok(existsSync(stuck), 'what is left of it can be taken up again');
  });
});
