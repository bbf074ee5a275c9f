import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { branchStore } from '../../../src/store/baselines/branch-store.ts';
import { pullBranch, pushBranch } from '../../../src/store/git/data-remote.ts';
import { gitStateOf } from '../../../src/store/git/fingerprint.ts';
import { gitIn } from '../../../src/store/git/git.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { inFolder } from './folder.ts';
import {
  gitEnv,
  newRemote,
  newRepository,
  type Repository,
  repositoryAt,
  runOf,
  storeProcess,
} from './repository.ts';

const idsIn = async (repository: Repository) =>
  (await branchStore(repository.git).list()).runs.map(({ entry }) => entry.header.id).sort();

describe('the branch of baselines', () => {
  test('gives back what was saved, newest first', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const commit = await repository.commit('one');
      const store = branchStore(repository.git);
      const [older, newer] = [
        runOf('older', { commit, startedAt: '2026-03-14T09:00:00.000Z' }),
        runOf('newer', { commit, startedAt: '2026-03-15T09:00:00.000Z' }),
      ];
      const saved = await store.save([newer, older]);
      assert.deepEqual(
        saved.map(({ id, isNew }) => [id, isNew]),
        [
          ['newer', true],
          ['older', true],
        ],
      );
      assert.equal(
        saved[1]?.where,
        `plimsoll-data:runs/browse-bills/${commit}/browse-bills-20260314T090000Z-older.json`,
      );
      const { runs, skipped } = await store.list();
      assert.deepEqual(skipped, []);
      assert.deepEqual(
        runs.map(({ entry }) => entry),
        [indexEntryOf(newer), indexEntryOf(older)],
      );
      const [first] = runs;
      assert.ok(first, 'no run is listed');
      assert.deepEqual(await store.read(first), newer);
    });
  });
  test('shares no history with the code, and holds whole records as files', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      await repository.commit('one');
      await branchStore(repository.git).save([runOf('a')]);
      assert.equal(repository.run('rev-list', '--count', 'plimsoll-data'), '1');
      assert.throws(() => repository.run('merge-base', 'main', 'plimsoll-data'));
      const path = `runs/browse-bills/${'c'.repeat(40)}/browse-bills-20260314T092653Z-a.json`;
      assert.deepEqual(JSON.parse(repository.run('show', `plimsoll-data:${path}`)), runOf('a'));
    });
  });
  test('leaves work tree, index, HEAD and stash as they are', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      await repository.commit('one');
      await writeFile(join(folder, 'staged.js'), 'staged\n');
      repository.run('add', 'staged.js');
      await writeFile(join(folder, 'server.js'), 'changed\n');
      await writeFile(join(folder, 'new.js'), 'new\n');
      const look = async () => ({
        status: repository.run('status', '--porcelain'),
        head: repository.run('symbolic-ref', 'HEAD'),
        index: await readFile(join(folder, '.git', 'index')),
        branches: repository.run('for-each-ref', '--format=%(refname)'),
      });
      const before = await look();
      await branchStore(repository.git).save([runOf('a')]);
      assert.deepEqual(await look(), { ...before, branches: 'refs/heads/main\nrefs/heads/plimsoll-data' });
    });
  });
  test('takes the same run twice without a second commit', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save([runOf('a')]);
      const [again] = await store.save([runOf('a')]);
      assert.equal(again?.isNew, false);
      assert.equal(repository.run('rev-list', '--count', 'plimsoll-data'), '1');
    });
  });
  test('works before the first commit, on a detached HEAD, from a folder below and in a second work tree', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      await branchStore(repository.git).save([runOf('before-the-first-commit')]);
      await repository.commit('one');
      repository.run('checkout', '--quiet', '--detach');
      await branchStore(repository.git).save([runOf('detached')]);
      await mkdir(join(folder, 'code', 'below'));
      await branchStore(gitIn(join(folder, 'code', 'below'), gitEnv)).save([runOf('below')]);
      repository.run('worktree', 'add', '--quiet', '--detach', join(folder, 'second'));
      await branchStore(gitIn(join(folder, 'second'), gitEnv)).save([runOf('second')]);
      assert.deepEqual(await idsIn(repository), ['before-the-first-commit', 'below', 'detached', 'second']);
    });
  });
  test('is that of the working folder, whatever the environment tells git', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      newRepository(join(folder, 'other'));
      const odd = {
        ...gitEnv,
        GIT_DIR: join(folder, 'other', '.git'),
        GIT_INDEX_FILE: '/nonsense',
        EDITOR: 'vi',
      };
      await branchStore(gitIn(join(folder, 'code'), odd)).save([runOf('a')]);
      assert.deepEqual(await idsIn(repository), ['a']);
    });
  });
  test('can be written with any settings that the environment brings', async () => {
    await inFolder(async folder => {
      newRepository(folder);
      const settings = [
        'alias.x',
        'core.fsmonitor',
        'core.gitProxy',
        'core.hooksPath',
        'core.pager',
        'diff.external',
        'filter.lfs.clean',
        'gpg.program',
        'include.path',
        'init.templateDir',
        'protocol.ext.allow',
        'remote.origin.uploadpack',
        'submodule.x.update',
      ].flatMap((name, index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, '/dev/null'],
      ]);
      const env = { ...gitEnv, ...Object.fromEntries(settings), GIT_CONFIG_COUNT: `${settings.length / 2}` };
      const store = branchStore(gitIn(folder, env));
      await store.save([runOf('a')]);
      assert.equal((await store.list()).runs.length, 1);
    });
  });
  test('loses nothing when four processes save at once', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const ids = ['a', 'b', 'c', 'd'].map(process => [1, 2, 3].map(number => `${process}${number}`));
      const ended = await Promise.all(ids.map(own => storeProcess('git', folder, 'save', ...own).ended));
      assert.deepEqual(
        ended.map(({ code, stderr }) => ({ code, stderr })),
        ids.map(() => ({ code: 0, stderr: '' })),
      );
      assert.deepEqual(await idsIn(repository), ids.flat().sort());
    });
  });
  test('can be written after a killed git has left its lock behind', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save([runOf('a')]);
      const lock = join(folder, '.git', 'refs', 'heads', 'plimsoll-data.lock');
      await writeFile(lock, '');
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(lock, longAgo, longAgo);
      await store.save([runOf('b')]);
      assert.deepEqual(await idsIn(repository), ['a', 'b']);
    });
  });
  test('clears away what killed writers left behind an hour ago, and nothing younger', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const left = join(folder, '.git', 'plimsoll');
      await mkdir(join(left, 'index-old'), { recursive: true });
      await mkdir(join(left, 'index-young'));
      const longAgo = new Date(Date.now() - 2 * 3_600_000);
      await utimes(join(left, 'index-old'), longAgo, longAgo);
      await branchStore(repository.git).save([runOf('a')]);
      assert.deepEqual(await readdir(left), ['index-young']);
    });
  });
  test('loses the runs that are removed, and nothing else', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save(['a', 'b', 'c'].map(id => runOf(id)));
      const { runs } = await store.list();
      await store.remove(runs.filter(({ entry }) => entry.header.id === 'b'));
      assert.deepEqual(await idsIn(repository), ['a', 'c']);
      assert.equal(repository.run('ls-tree', '-r', '--name-only', 'plimsoll-data').split('\n').length, 5);
    });
  });
  test('outside a repository says so', async () => {
    await inFolder(async folder => {
      const store = branchStore(gitIn(folder, gitEnv));
      await assert.rejects(store.save([runOf('a')]), isProblem('store.no-repository'));
      await assert.rejects(store.list(), isProblem('store.no-repository'));
    });
  });
});

describe('a repository with hooks and a file system monitor', () => {
  test('is read and written without either', async () => {
    await inFolder(async folder => {
      const remote = newRemote(join(folder, 'remote'));
      const repository = newRepository(join(folder, 'code'));
      const head = await repository.commit('one');
      repository.run('remote', 'add', 'origin', remote.folder);
      const calls = join(folder, 'calls');
      const hooks = join(repository.folder, '.git', 'hooks');
      await mkdir(hooks, { recursive: true });
      const script = `#!/bin/sh\necho "$0" >> '${calls}'\nexit 1\n`;
      const names = ['reference-transaction', 'post-index-change', 'post-checkout', 'pre-push', 'post-merge'];
      for (const name of [...names, 'monitor']) {
        await writeFile(join(hooks, name), script, { mode: 0o755 });
      }
      await appendFile(
        join(repository.folder, '.git', 'config'),
        `[core]\n\tfsmonitor = ${join(hooks, 'monitor')}\n[log]\n\tshowSignature = true\n`,
      );
      const store = branchStore(repository.git);
      await store.save([runOf('a', { commit: head }), runOf('b', { commit: head })]);
      await pushBranch(repository.git);
      await store.remove((await store.list()).runs.filter(({ entry }) => entry.header.id === 'b'));
      await pushBranch(repository.git);
      await pullBranch(repository.git);
      assert.deepEqual(await idsIn(repository), ['a']);
      assert.deepEqual(await gitStateOf(repository.folder, gitEnv), {
        commit: head,
        branch: 'main',
        dirty: false,
      });
      await assert.rejects(readFile(calls), /ENOENT/);
    });
  });
});

describe('a repository that cannot be written', () => {
  const saved = (repository: Repository) => branchStore(repository.git).save([runOf('a')]);

  test('for want of a folder for objects says so', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      await rm(join(folder, '.git', 'objects', 'pack'), { recursive: true });
      for (let first = 0; first < 256; first += 1) {
        await writeFile(join(folder, '.git', 'objects', first.toString(16).padStart(2, '0')), '');
      }
      await assert.rejects(saved(repository), isProblem('store.git-failed', /unable to/));
    });
  });
  test('for want of a folder for an index says so', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      await writeFile(join(folder, '.git', 'plimsoll'), 'in the way\n');
      await assert.rejects(saved(repository), isProblem('store.git-failed', /\.git\/plimsoll/));
    });
  });
  test('for want of a right to it says so', {
    skip: process.getuid?.() === 0 && 'root has every right',
  }, async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const heads = join(folder, '.git', 'refs', 'heads');
      await chmod(heads, 0o500);
      await assert.rejects(saved(repository), isProblem('store.git-failed', /Permission denied/));
      await chmod(heads, 0o700);
    });
  });
});

describe('branches of the user below the name of the branch of baselines', () => {
  for (const kind of ['loose', 'packed']) {
    test(`are no damage, and are named once where they are in the way, ${kind}`, async () => {
      await inFolder(async folder => {
        const repository = newRepository(folder);
        const commit = await repository.commit('one');
        repository.run('branch', 'plimsoll-data/x');
        if (kind === 'packed') repository.run('pack-refs', '--all');
        const store = branchStore(repository.git);
        assert.deepEqual(await store.list(), { runs: [], skipped: [] });
        await assert.rejects(store.save([runOf('a')]), error => {
          isProblem('store.branch-name-taken', /found +the branch plimsoll-data\/x\n/)(error);
          const [, command = ''] = /instead +(.+)$/.exec((error as Error).message) ?? [];
          execFileSync(command, { shell: true, cwd: folder, env: gitEnv });
          return true;
        });
        assert.equal(repository.run('rev-parse', 'plimsoll-data-x'), commit);
        await store.save([runOf('a')]);
        assert.deepEqual(await idsIn(repository), ['a']);
      });
    });
  }
});

describe('a branch of baselines that is checked out', () => {
  const checkedOut = (error: unknown) =>
    isProblem('store.branch-checked-out', /checked out in .+(?:code|second)\n/)(error);

  test('is not moved below its work tree, until that stands elsewhere or is gone', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      await repository.commit('one');
      const store = branchStore(repository.git);
      await store.save([runOf('a')]);
      repository.run('checkout', '--quiet', 'plimsoll-data');
      await assert.rejects(store.save([runOf('b')]), checkedOut);
      await assert.rejects(store.remove((await store.list()).runs), checkedOut);
      assert.equal(repository.run('status', '--porcelain'), '');
      repository.run('checkout', '--quiet', '-b', 'plimsoll-data-2');
      await store.save([runOf('b')]);

      repository.run('worktree', 'add', '--quiet', join(folder, 'second'), 'plimsoll-data');
      await assert.rejects(store.save([runOf('c')]), checkedOut);
      await rm(join(folder, 'second'), { recursive: true });
      await store.save([runOf('c')]);
      assert.deepEqual(await idsIn(repository), ['a', 'b', 'c']);
    });
  });
});

describe('damage on the branch of baselines', () => {
  const pathOf = (id: string) => `browse-bills/${'c'.repeat(40)}/browse-bills-20260314T092653Z-${id}.json`;

  test('a record cut short is named and skipped, stays, and does not keep others from being saved', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      const store = branchStore(repository.git);
      await store.save([runOf('cut'), runOf('whole')]);
      const half = JSON.stringify(runOf('cut')).slice(0, 2_000);
      await overwriteOnBranch(repository, `runs/${pathOf('cut')}`, half);
      const { runs, skipped } = await store.list();
      assert.deepEqual(
        runs.map(({ entry }) => entry.header.id),
        ['whole'],
      );
      assert.deepEqual(
        skipped.map(({ where, error }) => [where, error.problems[0]?.code]),
        [[`plimsoll-data:runs/${pathOf('cut')}`, 'record.corrupt']],
      );
      await store.save([runOf('later')]);
      assert.equal(repository.run('show', `plimsoll-data:runs/${pathOf('cut')}`), half);
      assert.deepEqual(await idsIn(repository), ['later', 'whole']);
    });
  });
  test('an index entry that is damaged or gone is made anew from the record', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      const store = branchStore(repository.git);
      await store.save([runOf('a'), runOf('b')]);
      await overwriteOnBranch(repository, `outlines/${pathOf('a')}`, '{');
      await overwriteOnBranch(repository, `outlines/${pathOf('b')}`, null);
      const { runs, skipped } = await store.list();
      assert.deepEqual(skipped, []);
      assert.deepEqual(
        runs.map(({ entry }) => entry),
        [indexEntryOf(runOf('a')), indexEntryOf(runOf('b'))],
      );
    });
  });
  test('an object that is damaged after it was indexed is still listed, and named where its run is to go', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      await branchStore(repository.git).save([runOf('noise'), runOf('lost'), runOf('whole')]);
      await branchStore(repository.git).list();
      const fileOf = (id: string) => {
        const blob = repository.run('rev-parse', `plimsoll-data:runs/${pathOf(id)}`);
        return join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
      };
      await rm(fileOf('lost'));
      await rm(fileOf('noise'));
      await writeFile(fileOf('noise'), 'noise');
      const store = branchStore(repository.git);
      const { runs, skipped } = await store.list();
      assert.deepEqual([runs.length, skipped], [3, []]);
      const damaged = await store.damaged(runs);
      assert.deepEqual(
        damaged.map(({ where, error }) => [where, error.problems[0]?.code]).sort(),
        ['lost', 'noise'].map(id => [`plimsoll-data:runs/${pathOf(id)}`, 'record.corrupt']),
      );
    });
  });
  test('a record past 64 MB is named and not read', async () => {
    await inFolder(async folder => {
      const repository = newRepository(join(folder, 'code'));
      const store = branchStore(repository.git);
      await store.save([runOf('huge'), runOf('whole')]);
      await overwriteOnBranch(repository, `runs/${pathOf('huge')}`, ' '.repeat(65 * 1024 * 1024));
      const { runs, skipped } = await store.list();
      assert.deepEqual([runs.length, skipped[0]?.error.problems[0]?.code], [1, 'file.too-large']);
    });
  });
  test('a missing object costs its own run alone', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save([runOf('lost'), runOf('whole')]);
      for (const kind of ['runs', 'outlines']) {
        const blob = repository.run('rev-parse', `plimsoll-data:${kind}/${pathOf('lost')}`);
        await rm(join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
      }
      const { runs, skipped } = await store.list();
      assert.deepEqual(
        runs.map(({ entry }) => entry.header.id),
        ['whole'],
      );
      assert.match(
        skipped[0]?.error.message ?? '',
        /-lost\.json: the record is damaged.*\n.*missing or damaged/,
      );
      await store.save([runOf('later')]);
      assert.deepEqual(await idsIn(repository), ['later', 'whole']);
    });
  });
  test('an object of noise costs its own run alone', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save([runOf('noise'), runOf('whole')]);
      for (const kind of ['runs', 'outlines']) {
        const blob = repository.run('rev-parse', `plimsoll-data:${kind}/${pathOf('noise')}`);
        const file = join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
        await rm(file);
        await writeFile(file, 'noise');
      }
      const { runs, skipped } = await store.list();
      assert.deepEqual(
        runs.map(({ entry }) => entry.header.id),
        ['whole'],
      );
      assert.equal(skipped[0]?.error.problems[0]?.code, 'record.corrupt');
    });
  });
  for (const [what, content] of [
    ['empty', ''],
    ['of noise', 'noise\n'],
    ['to a commit that is missing', `${'1'.repeat(40)}\n`],
  ] as const) {
    test(`a branch that is ${what} is named, and neither mended nor deleted`, async () => {
      await inFolder(async folder => {
        const repository = newRepository(folder);
        const store = branchStore(repository.git);
        await store.save([runOf('a')]);
        const ref = join(folder, '.git', 'refs', 'heads', 'plimsoll-data');
        const whole = await readFile(ref, 'utf8');
        await writeFile(ref, content);
        await assert.rejects(store.list(), isProblem('store.branch-corrupt'));
        await assert.rejects(store.save([runOf('b')]), isProblem('store.branch-corrupt'));
        assert.equal(await readFile(ref, 'utf8'), content);
        await writeFile(ref, whole);
        assert.deepEqual(await idsIn(repository), ['a']);
      });
    });
    test(`the way out that is told for a branch that is ${what} works, and keeps what it was`, async () => {
      await inFolder(async folder => {
        const repository = newRepository(join(folder, 'my code'));
        const store = branchStore(repository.git);
        await store.save([runOf('a')]);
        await writeFile(join(repository.folder, '.git', 'refs', 'heads', 'plimsoll-data'), content);
        await takeWayOut(repository);
        assert.equal(await readFile(join(repository.folder, 'plimsoll-data.damaged'), 'utf8'), content);
        await store.save([runOf('b')]);
        assert.deepEqual(await idsIn(repository), ['b']);
      });
    });
  }
  test('a tree that is missing is named', async () => {
    await inFolder(async folder => {
      const repository = newRepository(folder);
      const store = branchStore(repository.git);
      await store.save([runOf('a')]);
      const tree = repository.run('rev-parse', 'plimsoll-data:runs');
      await rm(join(folder, '.git', 'objects', tree.slice(0, 2), tree.slice(2)));
      await assert.rejects(store.list(), isProblem('store.branch-corrupt'));
    });
  });
  test('a commit that is missing comes back with a pull, and its id is kept', async () => {
    await inFolder(async folder => {
      const remote = newRemote(join(folder, 'remote'));
      const repository = newRepository(join(folder, 'code'));
      repository.run('remote', 'add', 'origin', remote.folder);
      await branchStore(repository.git).save([runOf('a')]);
      await pushBranch(repository.git);
      const commit = repository.run('rev-parse', 'plimsoll-data');
      await rm(join(repository.folder, '.git', 'objects', commit.slice(0, 2), commit.slice(2)));
      await takeWayOut(repository);
      assert.equal(await readFile(join(repository.folder, 'plimsoll-data.damaged'), 'utf8'), `${commit}\n`);
      await pullBranch(repository.git);
      assert.deepEqual(await idsIn(repository), ['a']);
    });
  });
});

/** Does what is told where the branch is damaged, short of the pull. */
async function takeWayOut(repository: Repository): Promise<void> {
  const error = await branchStore(repository.git)
    .list()
    .catch((thrown: unknown) => thrown);
  const instead = (error instanceof PlimsollError && error.problems[0]?.instead) || '';
  const [, command = ''] = /^([^,]+), then plimsoll baseline pull$/.exec(instead) ?? [];
  execFileSync(command, { shell: true, cwd: repository.folder, env: gitEnv });
}

/** Puts one changed file on the branch, or takes it away, as somebody with an editor would. */
async function overwriteOnBranch(
  repository: Repository,
  path: string,
  content: string | null,
): Promise<void> {
  const folder = join(repository.folder, '..', 'data');
  repository.run('worktree', 'add', '--quiet', folder, 'plimsoll-data');
  const data = repositoryAt(folder);
  if (content === null) await rm(join(folder, path));
  else await writeFile(join(folder, path), content);
  data.run('commit', '--quiet', '--all', '--message=by hand');
  repository.run('worktree', 'remove', '--force', folder);
}

function isProblem(code: string, text = /^/): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof PlimsollError, String(error));
    assert.deepEqual([error.problems[0]?.code, error.exitCode], [code, 2]);
    assert.match(error.message, text);
    return true;
  };
}
