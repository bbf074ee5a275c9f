import assert from 'node:assert/strict';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { branchStore } from '../../../src/store/baselines/branch-store.ts';
import { pullBranch, pushBranch } from '../../../src/store/git/data-remote.ts';
import { inFolder } from './folder.ts';
import {
  cloneOf,
  newRemote,
  newRepository,
  type Repository,
  repositoryAt,
  runOf,
  storeProcess,
} from './repository.ts';

const clones = ['ours', 'theirs'];

const save = (repository: Repository, ...ids: string[]) =>
  branchStore(repository.git).save(ids.map(id => runOf(id)));

const idsIn = async (repository: Repository) =>
  (await branchStore(repository.git).list()).runs.map(({ entry }) => entry.header.id).sort();

const counts = ({ added, removed }: { readonly added: number; readonly removed: number }) => ({
  added,
  removed,
});

async function remove(repository: Repository, id: string): Promise<void> {
  const store = branchStore(repository.git);
  await store.remove((await store.list()).runs.filter(({ entry }) => entry.header.id === id));
}

/** A remote with two commits of code and two clones of it, which are made once for each kind of clone and copied. */
const madeOnce = new Map<string, Promise<string>>();
after(() => Promise.all([...madeOnce.values()].map(async made => rm(await made, { recursive: true }))));

async function makeShared(options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-shared-'));
  const remote = newRemote(join(folder, 'remote'));
  const code = newRepository(join(folder, 'code'));
  await code.commit('one');
  await code.commit('two');
  code.run('push', '--quiet', remote.folder, 'main');
  for (const name of clones) cloneOf(remote.folder, join(folder, name), ...options);
  return folder;
}

async function sharedIn(folder: string, ...options: string[]) {
  const kind = options.join(' ');
  const making = madeOnce.get(kind) ?? makeShared(options);
  madeOnce.set(kind, making);
  const made = await making;
  for (const name of ['remote', ...clones]) {
    await cp(join(made, name), join(folder, name), { recursive: true });
  }
  const [ours, theirs] = await Promise.all(
    clones.map(async name => {
      const config = join(folder, name, '.git', 'config');
      await writeFile(
        config,
        (await readFile(config, 'utf8')).replace(made, () => folder),
      );
      return repositoryAt(join(folder, name));
    }),
  );
  assert.ok(ours !== undefined && theirs !== undefined, 'there are two clones');
  return { remote: repositoryAt(join(folder, 'remote')), ours, theirs };
}

for (const [what, options] of [
  ['clones', []],
  ['clones of depth 1', ['--depth=1']],
] as const) {
  describe(`baselines shared between ${what}`, () => {
    test('go to the remote with a push and come with a pull', async () => {
      await inFolder(async folder => {
        const { remote, ours, theirs } = await sharedIn(folder, ...options);
        await save(ours, 'a', 'b');
        assert.deepEqual(await pushBranch(ours.git), {
          remote: 'origin',
          added: 2,
          removed: 0,
          overtaken: 0,
        });
        assert.deepEqual(await idsIn(remote), ['a', 'b']);
        assert.deepEqual(await idsIn(theirs), []);
        assert.deepEqual(await pullBranch(theirs.git), {
          remote: 'origin',
          isThere: true,
          added: 2,
          removed: 0,
        });
        assert.deepEqual(await idsIn(theirs), ['a', 'b']);
        assert.deepEqual(await pushBranch(theirs.git), {
          remote: 'origin',
          added: 0,
          removed: 0,
          overtaken: 0,
        });
      });
    });
    test('come together where both sides saved and removed', async () => {
      await inFolder(async folder => {
        const { remote, ours, theirs } = await sharedIn(folder, ...options);
        await save(ours, 'a', 'b', 'c');
        await pushBranch(ours.git);
        await pullBranch(theirs.git);
        await save(theirs, 'theirs');
        await remove(theirs, 'a');
        await pushBranch(theirs.git);
        await save(ours, 'ours');
        await remove(ours, 'b');
        const { added, removed } = await pushBranch(ours.git);
        assert.deepEqual({ added, removed }, { added: 1, removed: 1 });
        await pullBranch(theirs.git);
        for (const repository of [remote, ours, theirs]) {
          assert.deepEqual(await idsIn(repository), ['c', 'ours', 'theirs']);
        }
      });
    });
    test('come together where both started alone', async () => {
      await inFolder(async folder => {
        const { remote, ours, theirs } = await sharedIn(folder, ...options);
        await save(ours, 'ours', 'both');
        await save(theirs, 'theirs', 'both');
        await pushBranch(ours.git);
        await pullBranch(theirs.git);
        assert.deepEqual(await idsIn(theirs), ['both', 'ours', 'theirs']);
        await pushBranch(theirs.git);
        assert.deepEqual(await idsIn(remote), ['both', 'ours', 'theirs']);
      });
    });
    test('are not lost where somebody fetches the branch by hand in between', async () => {
      await inFolder(async folder => {
        const { remote, ours, theirs } = await sharedIn(folder, ...options);
        await save(ours, 'a');
        await pushBranch(ours.git);
        await pullBranch(theirs.git);
        await save(theirs, 'b');
        await pushBranch(theirs.git);
        ours.run('fetch', '--quiet', 'origin', '+refs/heads/*:refs/remotes/origin/*');
        await save(ours, 'c');
        await pushBranch(ours.git);
        assert.deepEqual(await idsIn(remote), ['a', 'b', 'c']);
      });
    });
    test('stay where the remote becomes another one, has a second one beside it, or is made anew', async () => {
      await inFolder(async folder => {
        const { remote, ours } = await sharedIn(folder, ...options);
        await save(ours, 'a', 'b');
        await pushBranch(ours.git);
        await pullBranch(ours.git);
        const sources = ['moved', 'second', 'anew'].map(id => newRepository(join(folder, id)));
        for (const source of sources) await save(source, basename(source.folder));
        const [moved, second, anew] = sources as [Repository, Repository, Repository];

        ours.run('remote', 'set-url', 'origin', `file://${moved.folder}`);
        assert.deepEqual(counts(await pullBranch(ours.git)), { added: 1, removed: 0 });
        assert.deepEqual(await idsIn(ours), ['a', 'b', 'moved']);
        await pushBranch(ours.git);
        assert.deepEqual(await idsIn(moved), ['a', 'b', 'moved']);

        ours.run('remote', 'add', 'second', `file://${second.folder}`);
        assert.deepEqual(counts(await pullBranch(ours.git, 'second')), { added: 1, removed: 0 });
        assert.deepEqual(await idsIn(ours), ['a', 'b', 'moved', 'second']);

        ours.run('remote', 'set-url', 'origin', `file://${remote.folder}`);
        anew.run('push', '--quiet', '--force', remote.folder, 'plimsoll-data');
        assert.deepEqual(counts(await pullBranch(ours.git)), { added: 1, removed: 0 });
        await pushBranch(ours.git);
        assert.deepEqual(await idsIn(remote), ['a', 'anew', 'b', 'moved', 'second']);
      });
    });
    test('are all there after several processes pushed at once', async () => {
      await inFolder(async folder => {
        const { remote, ours, theirs } = await sharedIn(folder, ...options);
        const third = cloneOf(remote.folder, join(folder, 'third'), ...options);
        const pushers = [ours, ours, theirs, third].map((repository, index) => {
          const ids = [1, 2].map(number => `p${index}-${number}`);
          return { ids, ended: storeProcess('git', repository.folder, 'push', ...ids).ended };
        });
        for (const { ended } of pushers) {
          const { code, stderr } = await ended;
          assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        }
        assert.deepEqual(await idsIn(remote), pushers.flatMap(({ ids }) => ids).sort());
        await pullBranch(ours.git);
        assert.deepEqual(await idsIn(ours), await idsIn(remote));
      });
    });
  });
}

describe('a clone of depth 1', () => {
  test('gets the present baselines alone, stays shallow, and keeps its code as it is', async () => {
    await inFolder(async folder => {
      const { ours, theirs } = await sharedIn(folder, '--depth=1');
      for (const id of ['a', 'b', 'c']) {
        await save(ours, id);
        await pushBranch(ours.git);
      }
      await pullBranch(theirs.git);
      assert.deepEqual(await idsIn(theirs), ['a', 'b', 'c']);
      assert.equal(theirs.run('rev-list', '--count', 'plimsoll-data'), '1');
      assert.equal(theirs.run('rev-list', '--count', 'HEAD'), '1');
      assert.equal(theirs.run('status', '--porcelain'), '');
    });
  });
  test('leaves a whole clone whole', async () => {
    await inFolder(async folder => {
      const { ours, theirs } = await sharedIn(folder);
      await save(ours, 'a');
      await pushBranch(ours.git);
      await pullBranch(theirs.git);
      assert.equal(theirs.run('rev-parse', '--is-shallow-repository'), 'false');
    });
  });
});

describe('a partial clone', () => {
  test('gets all baselines with one pull, and stays partial', async () => {
    await inFolder(async folder => {
      const { remote, ours } = await sharedIn(folder);
      remote.run('config', 'uploadpack.allowFilter', 'true');
      await save(ours, 'a', 'b', 'c');
      await pushBranch(ours.git);
      const partial = cloneOf(
        remote.folder,
        join(folder, 'partial'),
        '--filter=blob:none',
        '--single-branch',
      );
      await pullBranch(partial.git);
      await rm(remote.folder, { recursive: true });
      assert.deepEqual(await idsIn(partial), ['a', 'b', 'c']);
      assert.equal(partial.run('config', 'remote.origin.partialclonefilter'), 'blob:none');
    });
  });
});

describe('the lock that a killed fetch has left behind', () => {
  const note = ['refs', 'plimsoll', 'remotes', 'origin', 'plimsoll-data.lock'];
  async function lockedIn(folder: string) {
    const { ours, theirs } = await sharedIn(folder);
    await save(ours, 'a');
    await pushBranch(ours.git);
    const lock = join(theirs.folder, '.git', ...note);
    await mkdir(dirname(lock), { recursive: true });
    await writeFile(lock, '');
    return { theirs, lock };
  }

  test('is taken away where it is old', async () => {
    await inFolder(async folder => {
      const { theirs, lock } = await lockedIn(folder);
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(lock, longAgo, longAgo);
      await pullBranch(theirs.git);
      assert.deepEqual(await idsIn(theirs), ['a']);
    });
  });
  test('is named by the error of whatever it stops', async () => {
    await inFolder(async folder => {
      const { theirs, lock } = await lockedIn(folder);
      await assert.rejects(
        theirs.git.text(['fetch', 'origin', `+refs/heads/plimsoll-data:${note.join('/').slice(0, -5)}`]),
        error => {
          isProblem('store.git-failed', /found +error: cannot lock ref/)(error);
          assert.ok(String(error).includes(`'${lock}': File exists`), String(error));
          return true;
        },
      );
    });
  });
  test('does not hide that a push was done', async () => {
    await inFolder(async folder => {
      const { ours, remote } = await sharedIn(folder);
      await save(ours, 'a');
      const lock = join(ours.folder, '.git', ...note);
      await mkdir(dirname(lock), { recursive: true });
      await writeFile(lock, '');
      assert.deepEqual(counts(await pushBranch(ours.git)), { added: 1, removed: 0 });
      assert.deepEqual(await idsIn(remote), ['a']);
    });
  });
});

describe('sharing that cannot be', () => {
  test('without a remote says so and keeps what was saved', async () => {
    await inFolder(async folder => {
      const alone = newRepository(folder);
      await save(alone, 'a');
      for (const attempt of [pushBranch, pullBranch]) {
        await assert.rejects(
          attempt(alone.git),
          isProblem('store.no-remote', /no remote at all[\s\S]*git remote add/),
        );
      }
      assert.deepEqual(await idsIn(alone), ['a']);
    });
  });
  test('with a remote that is not named origin takes the only one, and asks where there are two', async () => {
    await inFolder(async folder => {
      const remote = newRemote(join(folder, 'remote'));
      const ours = newRepository(join(folder, 'ours'));
      ours.run('remote', 'add', 'upstream', remote.folder);
      await save(ours, 'a');
      assert.equal((await pushBranch(ours.git)).remote, 'upstream');
      ours.run('remote', 'add', 'fork', remote.folder);
      await assert.rejects(
        pushBranch(ours.git),
        isProblem('store.no-remote', /fork, upstream[\s\S]*--remote fork/),
      );
      assert.equal((await pushBranch(ours.git, 'fork')).remote, 'fork');
      await assert.rejects(pushBranch(ours.git, '--mirror'), isProblem('store.no-remote', /--mirror/));
    });
  });
  test('with nothing saved and nothing there is no error', async () => {
    await inFolder(async folder => {
      const { ours } = await sharedIn(folder);
      assert.deepEqual(await pushBranch(ours.git), { remote: 'origin', added: 0, removed: 0, overtaken: 0 });
      assert.deepEqual(await pullBranch(ours.git), {
        remote: 'origin',
        isThere: false,
        added: 0,
        removed: 0,
      });
    });
  });
  test('with a remote that is gone says what git says', async () => {
    await inFolder(async folder => {
      const ours = newRepository(join(folder, 'ours'));
      ours.run('remote', 'add', 'origin', join(folder, 'gone'));
      await save(ours, 'a');
      await assert.rejects(
        pushBranch(ours.git),
        isProblem('store.fetch-failed', /does not appear to be a git repository/),
      );
    });
  });
  test('with a remote that refuses the push says why, once', async () => {
    await inFolder(async folder => {
      const { remote, ours } = await sharedIn(folder);
      const calls = join(folder, 'calls');
      const hook = join(remote.folder, 'hooks', 'pre-receive');
      await mkdir(join(remote.folder, 'hooks'), { recursive: true });
      await writeFile(
        hook,
        `#!/bin/sh\necho call >> '${calls}'\necho 'cannot lock ref [rejected]' >&2\nexit 1\n`,
      );
      await chmod(hook, 0o755);
      await save(ours, 'a');
      await assert.rejects(pushBranch(ours.git), isProblem('store.push-failed', /pre-receive hook declined/));
      assert.equal(await readFile(calls, 'utf8'), 'call\n');
      assert.deepEqual(await idsIn(ours), ['a']);
    });
  });
  test('with a remote that has a branch below the name of ours says so, once', async () => {
    await inFolder(async folder => {
      const { remote, ours } = await sharedIn(folder);
      remote.run('branch', 'plimsoll-data/x', 'main');
      await save(ours, 'a');
      await assert.rejects(
        pushBranch(ours.git),
        isProblem('store.push-failed', /'refs\/heads\/plimsoll-data\/x' exists[\s\S]*rename the branch/),
      );
    });
  });
  test("does not run the user's own pre-push hook, nor push tags", async () => {
    await inFolder(async folder => {
      const { remote, ours } = await sharedIn(folder);
      const hook = join(ours.folder, '.git', 'hooks', 'pre-push');
      await mkdir(join(ours.folder, '.git', 'hooks'), { recursive: true });
      await writeFile(hook, '#!/bin/sh\nexit 1\n');
      await chmod(hook, 0o755);
      ours.run('config', 'push.followTags', 'true');
      await save(ours, 'a');
      ours.run('tag', '--annotate', '--message=x', 'v1', 'plimsoll-data');
      assert.equal((await pushBranch(ours.git)).added, 1);
      assert.equal(remote.run('tag'), '');
    });
  });
});

function isProblem(code: string, text: RegExp): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof PlimsollError, String(error));
    assert.equal(error.problems[0]?.code, code);
    assert.match(error.message, text);
    return true;
  };
}
