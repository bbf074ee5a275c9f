import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commitHistory, distancesFromHead } from '../../../src/store/git/commit-history.ts';
import { inFolder } from './folder.ts';
import { cloneOf, gitEnv, newRemote, newRepository, type Repository } from './repository.ts';

interface Asked {
  readonly head?: string;
  readonly measured?: readonly string[];
  readonly wanted?: readonly string[];
  readonly enough?: number;
  readonly target?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly remote?: string | null;
  readonly mayFetch?: boolean;
}

const historyOf = (repository: Repository, options: Asked = {}) =>
  commitHistory(repository.git, {
    head: options.head ?? repository.run('rev-parse', 'HEAD'),
    measured: new Set(options.measured ?? []),
    wanted: new Set(options.wanted ?? options.measured ?? []),
    enough: options.enough ?? 20,
    env: { ...gitEnv, ...options.env },
    target: options.target,
    remote: options.remote === undefined ? 'origin' : options.remote,
    mayFetch: options.mayFetch ?? true,
  });

/** Five commits on main, and three on a branch that left it at the third; the remote has it all. */
async function branchedIn(folder: string) {
  const remote = newRemote(join(folder, 'remote'));
  const code = newRepository(join(folder, 'code'));
  code.run('remote', 'add', 'origin', remote.folder);
  const main: string[] = [];
  for (const name of ['m1', 'm2', 'm3']) main.push(await code.commit(name));
  code.run('checkout', '--quiet', '-b', 'faster');
  const branch: string[] = [];
  for (const name of ['b1', 'b2', 'b3']) branch.push(await code.commit(name));
  code.run('checkout', '--quiet', 'main');
  for (const name of ['m4', 'm5']) main.push(await code.commit(name));
  code.run('push', '--quiet', 'origin', 'main', 'faster');
  code.run('checkout', '--quiet', 'faster');
  return { remote, code, main, branch };
}

describe('the history of a commit', () => {
  test('has the merge-base with the target branch and the measured ancestors of that, nearest first', async () => {
    await inFolder(async folder => {
      const { code, main, branch } = await branchedIn(folder);
      const [m1, , m3, m4] = main;
      assert.ok(m1 && m3 && m4, `${main}`);
      assert.deepEqual(await historyOf(code, { measured: [m1, m3, m4, branch[0] ?? ''] }), {
        head: branch[2],
        target: 'main',
        mergeBase: m3,
        ancestors: [
          { commit: m3, distance: 0 },
          { commit: m1, distance: 2 },
        ],
        onTarget: [m4, m3, m1],
      });
    });
  });
  test('is the same on a detached HEAD', async () => {
    await inFolder(async folder => {
      const { code, main } = await branchedIn(folder);
      code.run('checkout', '--quiet', '--detach');
      assert.equal((await historyOf(code))?.mergeBase, main[2]);
    });
  });
  test('takes the target branch from the option, else from CI, else from the remote', async () => {
    await inFolder(async folder => {
      const { code } = await branchedIn(folder);
      code.run('branch', 'release', 'faster~1');
      const targetOf = async (options: Asked) => (await historyOf(code, options))?.target;
      assert.equal(await targetOf({ env: { GITHUB_BASE_REF: 'release' } }), 'release');
      assert.equal(await targetOf({ env: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release' } }), 'release');
      assert.equal(await targetOf({ target: 'release', env: { GITHUB_BASE_REF: 'main' } }), 'release');
      assert.equal(await targetOf({}), 'main');
      assert.equal(await targetOf({ target: 'gone' }), null);
      assert.equal(await targetOf({ target: '--upload-pack=x' }), null);
    });
  });
  test('prefers what the remote says of the target branch to an old local one', async () => {
    await inFolder(async folder => {
      const { code, main, branch } = await branchedIn(folder);
      code.run('branch', '--force', 'main', main[0] ?? '');
      assert.equal((await historyOf(code))?.mergeBase, main[2]);
      assert.equal((await historyOf(code, { remote: null }))?.mergeBase, main[0]);
      assert.equal((await historyOf(code, { remote: null }))?.head, branch[2]);
    });
  });
  test('works without any remote', async () => {
    await inFolder(async folder => {
      const code = newRepository(folder);
      const first = await code.commit('one');
      await code.commit('two');
      const history = await historyOf(code, { remote: null, measured: [first] });
      assert.deepEqual(history?.ancestors, [{ commit: first, distance: 1 }]);
      assert.equal(history?.target, 'main');
    });
  });
  test('has no merge-base where the branches share no commit', async () => {
    await inFolder(async folder => {
      const { code, main } = await branchedIn(folder);
      code.run('checkout', '--quiet', '--orphan', 'apart');
      await code.commit('apart');
      const history = await historyOf(code, { measured: main });
      assert.equal(history?.mergeBase, null);
      assert.deepEqual(history?.ancestors, []);
      assert.equal(history?.onTarget.length, 5);
    });
  });
  test('of a commit that is not here, or is none, is null', async () => {
    await inFolder(async folder => {
      const { code } = await branchedIn(folder);
      assert.equal(await historyOf(code, { head: '1'.repeat(40) }), null);
      assert.equal(await historyOf(code, { head: '--all' }), null);
    });
  });
});

describe('a shallow clone', () => {
  /** A clone of depth 1 of the branch alone, as CI checks it out. */
  const shallow = (remote: Repository, folder: string) =>
    cloneOf(remote.folder, folder, '--depth=1', '--branch=faster', '--single-branch');

  test('is deepened until the merge-base and a measured ancestor are found', async () => {
    await inFolder(async folder => {
      const { remote, main } = await branchedIn(folder);
      const clone = shallow(remote, join(folder, 'clone'));
      assert.equal(clone.run('rev-list', '--count', 'HEAD'), '1');
      const history = await historyOf(clone, { measured: [main[0] ?? ''], env: { GITHUB_BASE_REF: 'main' } });
      assert.equal(history?.mergeBase, main[2]);
      assert.deepEqual(history?.ancestors, [{ commit: main[0], distance: 2 }]);
    });
  });
  test('of a merge commit that only a pull request has is deepened too, and finds its target unaided', async () => {
    await inFolder(async folder => {
      const { remote, code, main } = await branchedIn(folder);
      code.run('checkout', '--quiet', '--detach', 'main');
      code.run('merge', '--quiet', '--strategy=ours', '--message=merge', 'faster');
      code.run('push', '--quiet', 'origin', 'HEAD:refs/pull/7/merge');
      const clone = newRepository(join(folder, 'clone'));
      clone.run('remote', 'add', 'origin', `file://${remote.folder}`);
      clone.run(
        'fetch',
        '--quiet',
        '--no-tags',
        '--depth=1',
        'origin',
        '+refs/pull/7/merge:refs/remotes/pull/7/merge',
      );
      clone.run('checkout', '--quiet', 'refs/remotes/pull/7/merge');
      const history = await historyOf(clone, { measured: [main[3] ?? ''] });
      assert.equal(history?.target, 'main');
      assert.equal(history?.mergeBase, main[4]);
      assert.deepEqual(history?.ancestors, [{ commit: main[3], distance: 1 }]);
    });
  });
  test('with a commit of its own that the remote does not know is deepened below it', async () => {
    await inFolder(async folder => {
      const { remote, main } = await branchedIn(folder);
      const clone = cloneOf(remote.folder, join(folder, 'clone'), '--depth=1', '--branch=main');
      const own = await clone.commit('mine');
      const history = await historyOf(clone, { measured: [main[1] ?? ''] });
      assert.equal(history?.head, own);
      assert.equal(history?.mergeBase, main[4]);
      assert.deepEqual(history?.ancestors, [{ commit: main[1], distance: 3 }]);
    });
  });
  test('is left as it is where nothing may be fetched', async () => {
    await inFolder(async folder => {
      const { remote, main } = await branchedIn(folder);
      const clone = shallow(remote, join(folder, 'clone'));
      const history = await historyOf(clone, { measured: main, mayFetch: false });
      assert.deepEqual([history?.mergeBase, history?.ancestors], [null, []]);
      assert.equal(clone.run('rev-list', '--count', 'HEAD'), '1');
    });
  });
  test('is deepened for a history too', async () => {
    await inFolder(async folder => {
      const { remote, main, branch } = await branchedIn(folder);
      const clone = shallow(remote, join(folder, 'clone'));
      const measured = new Set([main[0], branch[1]].map(commit => commit ?? ''));
      const distances = await distancesFromHead(clone.git, {
        measured,
        env: gitEnv,
        remote: 'origin',
        mayFetch: true,
      });
      assert.deepEqual(
        [...(distances ?? [])].sort(),
        [
          ...new Map([
            [branch[1], 1],
            [main[0], 5],
          ]),
        ].sort(),
      );
    });
  });
  /** A hundred commits on main, oldest first, and a branch that left it two before its end. */
  async function longIn(folder: string) {
    const remote = newRemote(join(folder, 'remote'));
    const code = newRepository(join(folder, 'code'));
    code.run('remote', 'add', 'origin', remote.folder);
    for (let index = 0; index < 100; index += 1) {
      code.run('commit', '--quiet', '--allow-empty', `--message=${index}`);
    }
    const main = code.run('rev-list', '--reverse', 'main').split('\n');
    code.run('checkout', '--quiet', '-b', 'faster', 'main~2');
    const branch = await code.commit('branch');
    code.run('push', '--quiet', 'origin', 'main', 'faster');
    return { remote, main, branch };
  }
  test('is deepened past the nearest measured ancestor, until enough are found', async () => {
    await inFolder(async folder => {
      const { remote, main } = await longIn(folder);
      const measured = [main[10] ?? '', main[20] ?? '', main[90] ?? ''];
      const foundBy = async (name: string, options: Asked) => {
        const clone = shallow(remote, join(folder, name));
        const history = await historyOf(clone, { measured, ...options });
        const isShallow = clone.run('rev-parse', '--is-shallow-repository') === 'true';
        return [history?.ancestors.map(({ commit }) => main.indexOf(commit)), isShallow];
      };
      assert.deepEqual(await foundBy('all', {}), [[90, 20, 10], false]);
      assert.deepEqual(await foundBy('enough', { enough: 1 }), [[90], true]);
      assert.deepEqual(await foundBy('wanted', { enough: 1, wanted: [main[10] ?? ''] }), [
        [90, 20, 10],
        false,
      ]);
    });
  });
  test('is not deepened further for commits that only the target branch has', async () => {
    await inFolder(async folder => {
      const { remote, main, branch } = await longIn(folder);
      const clone = shallow(remote, join(folder, 'clone'));
      const measured = new Set([main[99] ?? '', main[90] ?? '', branch]);
      const about = { measured, env: gitEnv, remote: 'origin', mayFetch: true };
      const distances = await distancesFromHead(clone.git, about);
      assert.deepEqual(
        [...(distances ?? [])],
        [
          [branch, 0],
          [main[90], 8],
        ],
      );
      assert.equal(clone.run('rev-parse', '--is-shallow-repository'), 'true');
    });
  });
  test('with a commit of its own gets no branch that nobody asked for', async () => {
    await inFolder(async folder => {
      const { remote, main } = await branchedIn(folder);
      for (const target of ['main', 'gone']) {
        const clone = cloneOf(remote.folder, join(folder, target), '--depth=1', '--branch=main');
        clone.run('remote', 'set-branches', 'origin', '*');
        await clone.commit('mine');
        const measured = new Set([main[0] ?? '', '1'.repeat(40)]);
        const about = { measured, env: gitEnv, target, remote: 'origin', mayFetch: true };
        const distances = await distancesFromHead(clone.git, about);
        assert.equal(distances?.size, target === 'main' ? 1 : 0);
        assert.doesNotMatch(clone.run('for-each-ref'), /faster/);
      }
    });
  });
  test('whose remote cannot be reached gives what is here', async () => {
    await inFolder(async folder => {
      const { remote, main } = await branchedIn(folder);
      const clone = shallow(remote, join(folder, 'clone'));
      clone.run('remote', 'set-url', 'origin', join(folder, 'gone'));
      assert.deepEqual((await historyOf(clone, { measured: main }))?.ancestors, []);
    });
  });
});
