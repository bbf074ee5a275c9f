import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { addWorktree, commitOf, removeWorktrees } from '../../../src/store/git/worktree.ts';
import { inFolder } from './folder.ts';
import { cloneOf, gitEnv, newRemote, newRepository, type Repository } from './repository.ts';

const call = { env: gitEnv };

/** Gives the body a repository of two commits, and a free place beside it. */
const inRepository = (body: (repository: Repository, place: string) => Promise<void>) =>
  inFolder(async folder => {
    const here = await realpath(folder);
    const repository = newRepository(join(here, 'repository'));
    await repository.commit('one');
    await repository.commit('two');
    await body(repository, join(here, 'worktree'));
  });

/** The one problem with which a promise ends. */
async function problemOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PlimsollError, `${error}`);
  assert.equal(error.exitCode, 2);
  const [problem, ...others] = error.problems;
  assert.deepEqual(others, []);
  return problem;
}

/** The folders of the worktrees that git knows of. */
const worktreesOf = ({ run }: Repository) =>
  run('worktree', 'list', '--porcelain')
    .split('\n')
    .flatMap(line => (line.startsWith('worktree ') ? [line.slice('worktree '.length)] : []));

describe('the commit of a name', () => {
  test('is found for branches, tags, beginnings of ids and expressions', async () => {
    await inRepository(async ({ folder, run }) => {
      const [one, two] = [run('rev-parse', 'HEAD~1'), run('rev-parse', 'HEAD')];
      run('tag', '--annotate', '--message=m', 'v1', one);
      run('branch', 'feature/x', one);
      const names = { main: two, HEAD: two, 'HEAD~1': one, 'main^': one, v1: one, 'feature/x': one };
      for (const [name, commit] of Object.entries({ ...names, [one.slice(0, 7)]: one })) {
        assert.equal(await commitOf(folder, name, call), commit, name);
      }
    });
  });

  test('that is misspelt is told with the nearest ones', async () => {
    await inRepository(async ({ folder, run }) => {
      for (const branch of ['feature/login', 'feature/logout', 'release']) run('branch', branch);
      assert.deepEqual(await problemOf(commitOf(folder, 'featrue/login~1', call)), {
        code: 'git.unknown-ref',
        where: folder,
        found: '"featrue/login~1"',
        expected: 'a commit, a branch or a tag, such as feature/login, feature/logout, main',
        instead: 'feature/login~1',
      });
    });
  });

  test('is told to be that of a remote, where it is there alone', async () => {
    await inRepository(async ({ folder, run }, place) => {
      run('branch', 'dev');
      const clone = cloneOf(folder, place);
      const told = await problemOf(commitOf(clone.folder, 'dev', call));
      assert.equal(told?.instead, 'origin/dev');
    });
  });

  test('before the first one is told apart from a name that is none', async () => {
    await inRepository(async ({ folder }) => {
      const told = await problemOf(commitOf(folder, 'main~2', call));
      assert.equal(told?.expected, 'a commit; main is one, but it has no main~2');
      assert.equal(told?.instead, undefined);
    });
  });

  test('that a shallow clone lacks is to be fetched', async () => {
    await inRepository(async ({ folder }, place) => {
      const clone = cloneOf(folder, place, '--depth=1');
      for (const name of ['HEAD~1', 'v7-of-elsewhere']) {
        const told = await problemOf(commitOf(clone.folder, name, call));
        assert.equal(told?.code, 'git.unknown-ref');
        assert.match(told?.instead ?? '', /^git fetch --unshallow/);
      }
    });
  });

  test('is none where there are no commits, in an option, a file or nothing at all', async () => {
    await inFolder(async folder => {
      newRepository(folder);
      const told = await problemOf(commitOf(folder, 'HEAD', call));
      assert.equal(told?.expected, 'a commit, of which there is none here');
    });
    await inRepository(async ({ folder }) => {
      for (const name of ['--all', '-h', '', ' ', 'HEAD:server.js', 'HEAD^{tree}', '^HEAD']) {
        assert.equal((await problemOf(commitOf(folder, name, call)))?.code, 'git.unknown-ref', name);
      }
    });
  });

  test('is not looked for outside a repository', async () => {
    await inFolder(async folder => {
      assert.equal((await problemOf(commitOf(folder, 'HEAD', call)))?.code, 'store.no-repository');
    });
  });
});

describe('a worktree', () => {
  test('holds a commit, and leaves work tree, index, branch and hooks of the user alone', async () => {
    await inRepository(async (repository, place) => {
      const { folder, run } = repository;
      await writeFile(join(folder, 'server.js'), 'staged\n');
      run('add', 'server.js');
      await writeFile(join(folder, 'server.js'), 'not staged\n');
      await mkdir(join(folder, '.git', 'hooks'), { recursive: true });
      const before = [run('status', '--porcelain=2', '--branch'), run('stash', 'list')];

      const [commit, hooked] = [run('rev-parse', 'HEAD~1'), join(folder, 'hooked')];
      for (const name of ['post-checkout', 'post-index-change', 'reference-transaction']) {
        const hook = `#!/bin/sh\necho ${name} >> '${hooked}'\n`;
        await writeFile(join(folder, '.git', 'hooks', name), hook, { mode: 0o755 });
      }

      const { directory, remove } = await addWorktree(folder, commit, place, call);
      assert.equal(existsSync(hooked) ? await readFile(hooked, 'utf8') : '', '');
      await rm(join(folder, '.git', 'hooks'), { recursive: true });
      assert.equal(directory, place);
      assert.equal(await readFile(join(directory, 'server.js'), 'utf8'), 'one\n');
      assert.deepEqual([run('status', '--porcelain=2', '--branch'), run('stash', 'list')], before);
      assert.deepEqual(worktreesOf(repository), [folder, place]);
      const status = execFileSync('git', ['status', '--porcelain'], { cwd: directory, env: gitEnv });
      assert.equal(String(status), '');

      await remove();
      await remove();
      assert.equal(existsSync(place), false);
      assert.deepEqual(worktreesOf(repository), [folder]);
    });
  });

  test('leads to the folder in it that is the working folder', async () => {
    await inRepository(async ({ folder, run }, place) => {
      await mkdir(join(folder, 'packages/api'), { recursive: true });
      await writeFile(join(folder, 'packages/api/server.js'), 'three\n');
      run('add', '.');
      run('commit', '--quiet', '--message=three');
      const cwd = join(folder, 'packages', 'api');
      const { directory, remove } = await addWorktree(cwd, run('rev-parse', 'HEAD'), place, call);
      assert.equal(await readFile(join(directory, 'server.js'), 'utf8'), 'three\n');
      await remove();

      const told = await problemOf(addWorktree(cwd, run('rev-parse', 'HEAD~1'), place, call));
      assert.equal(told?.code, 'folder.missing');
      assert.match(told?.where ?? '', /^packages\/api\/ of commit [0-9a-f]{10}$/);
      assert.equal(existsSync(place), false);
    });
  });

  test('is removed with whatever was put into it', async () => {
    await inRepository(async (repository, place) => {
      const { directory, remove } = await addWorktree(repository.folder, 'HEAD', place, call);
      await writeFile(join(directory, 'server.js'), 'changed\n');
      await mkdir(join(directory, 'node_modules', 'cache'), { recursive: true });
      await writeFile(join(directory, 'node_modules', 'cache', 'file'), 'x', { mode: 0o400 });
      await remove();
      assert.equal(existsSync(place), false);
      assert.deepEqual(worktreesOf(repository), [repository.folder]);
    });
  });

  test('that cannot be made leaves nothing behind', async () => {
    await inRepository(async (repository, place) => {
      const { folder, run } = repository;
      const gone = 'f'.repeat(40);
      assert.equal((await problemOf(addWorktree(folder, gone, place, call)))?.code, 'store.git-failed');
      // A commit whose files are not all there: git knows the worktree before it finds out.
      const blob = run('rev-parse', 'HEAD:server.js');
      await rm(join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true });
      const told = await problemOf(addWorktree(folder, 'HEAD', place, call));
      assert.equal(told?.code, 'store.git-failed');
      assert.match(told?.found ?? '', new RegExp(blob));
      assert.equal(existsSync(place), false);
      assert.deepEqual(worktreesOf(repository), [folder]);
    });
  });

  test('ends with the reason of a signal that ends it', async () => {
    await inRepository(async (repository, place) => {
      const signal = AbortSignal.abort('SIGINT');
      await assert.rejects(
        addWorktree(repository.folder, 'HEAD', place, { ...call, signal }),
        reason => reason === 'SIGINT',
      );
      assert.equal(existsSync(place), false);
      assert.deepEqual(worktreesOf(repository), [repository.folder]);
    });
  });
});

describe('removing worktrees', () => {
  test('spares those of others, also where their folders are gone', async () => {
    await inRepository(async (repository, place) => {
      const { folder, run } = repository;
      const others = `${place}-of-another`;
      run('worktree', 'add', '--quiet', '--detach', others);
      await rm(others, { recursive: true });
      await addWorktree(folder, 'HEAD', place, call);
      await removeWorktrees(folder, [place], call);
      assert.deepEqual(worktreesOf(repository), [folder, others]);
    });
  });

  test('removes the entry of a folder that is gone, and one that git holds a lock on', async () => {
    await inRepository(async (repository, place) => {
      const { folder, run } = repository;
      const locked = `${place}-locked`;
      await addWorktree(folder, 'HEAD', place, call);
      await addWorktree(folder, 'HEAD', locked, call);
      run('worktree', 'lock', locked);
      await rm(place, { recursive: true });
      await removeWorktrees(folder, [place, locked, `${place}-never-made`], call);
      assert.deepEqual(worktreesOf(repository), [folder]);
    });
  });

  test('works from a folder of the repository that is gone, and without the repository', async () => {
    await inRepository(async (repository, place) => {
      const { folder } = repository;
      const cwd = join(folder, 'packages', 'gone');
      await addWorktree(folder, 'HEAD', place, call);
      await removeWorktrees(cwd, [place], call);
      assert.deepEqual(worktreesOf(repository), [folder]);
      await addWorktree(folder, 'HEAD', place, call);
      await rm(folder, { recursive: true });
      await removeWorktrees(folder, [place], call);
      assert.equal(existsSync(place), false);
    });
  });
});

describe('a bare repository', () => {
  test('has worktrees too', async () => {
    await inFolder(async folder => {
      const remote = newRemote(join(folder, 'bare.git'));
      const clone = cloneOf(remote.folder, join(folder, 'clone'));
      await clone.commit('one');
      clone.run('push', '--quiet', 'origin', 'HEAD:main');
      const place = join(folder, 'worktree');
      const { directory, remove } = await addWorktree(remote.folder, 'main', place, call);
      assert.equal(await readFile(join(directory, 'server.js'), 'utf8'), 'one\n');
      await remove();
      assert.equal(existsSync(place), false);
    });
  });
});
