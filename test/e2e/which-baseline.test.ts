import assert from 'node:assert/strict';
import { appendFile, chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { writeRecord } from '../../src/store/records/record-file.ts';
import { cloneOf, gitEnv, newRemote, newRepository, runOf } from '../real/store/repository.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, measured, type Workspace, workspace } from './plimsoll.ts';

const env = {
  ...gitEnv,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  GITHUB_BASE_REF: undefined,
  GITHUB_HEAD_REF: undefined,
};

let target: ScriptedTarget;
let space: Workspace;
before(async () => {
  target = await startTarget({ '/items': { delayMs: 5 } });
  space = await workspace();
});
after(async () => {
  await target.stop();
  await space.dispose();
});

/** A short run in a folder of the workspace; null where the machine is too busy to measure. */
async function runIn(t: TestContext, folder: string, ...args: string[]) {
  return await measured(t, () => space.run(['run', ...args], env, join(space.folder, folder)));
}

const short = (url: string) => ['--url', url, '--rate', '40/s', '--duration', '1s'];
/** What a report says, in one line. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('a run in a repository that git cannot read', () => {
  /** A repository with one commit and loose budgets. */
  async function repositoryIn(folder: string) {
    const code = newRepository(join(space.folder, folder));
    await code.commit('one');
    await space.write(join(folder, 'budgets.json'), looseBudgets);
    return code;
  }

  test('is measured and judged by its budgets, and says why nothing was compared', async t => {
    const code = await repositoryIn('broken');
    await appendFile(join(code.folder, '.git', 'config'), '\nbroken line\n');
    const ended = await runIn(t, 'broken', ...short(`${target.url}/items`));
    if (ended === null) return;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(flat(ended.stdout), /Not compared: .*git failed \[store\.git-failed\]: fatal: bad config/);
    assert.equal((await readdir(join(code.folder, 'reports', 'runs'))).filter(isRecord).length, 1);
  });
  test('is measured where the folder belongs to another user', async t => {
    if (process.getuid?.() !== 0) return t.skip('only root can give a folder to another user');
    const code = await repositoryIn('distrusted');
    for (const one of ['.', '.git']) await chown(join(code.folder, one), 12_345, 12_345);
    const ended = await runIn(t, 'distrusted', ...short(`${target.url}/items`));
    if (ended === null) return;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(flat(ended.stdout), /Not compared: .*dubious ownership.*safe\.directory/);
  });
  test('is not started where a certain baseline was asked for', async () => {
    const code = await repositoryIn('asked');
    await appendFile(join(code.folder, '.git', 'config'), '\nbroken line\n');
    const args = ['run', ...short(`${target.url}/items`), '--baseline', 'HEAD'];
    const { code: exitCode, stderr } = await space.run(args, env, code.folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /git failed \[store\.git-failed\]/);
  });
});

describe('runs by --url outside a repository', () => {
  test('are compared with what was saved of the same target, and with nothing else', async t => {
    await space.write('plain/budgets.json', looseBudgets);
    const load = ['--rate', '50/s', '--duration', '10s'];
    const run = async (url: string, ...more: string[]) => {
      const ended = await runIn(t, 'plain', '--url', url, ...load, ...more);
      return ended && { code: ended.code, text: flat(ended.stdout) };
    };
    const other = await startTarget({ '/items': { delayMs: 1_000 } });
    try {
      const first = await run(`${target.url}/items`);
      if (first === null) return;
      assert.match(first.text, /No baseline: none is stored/);
      const unsaved = await run(`${target.url}/items`);
      if (unsaved === null) return;
      assert.equal(unsaved.code, 0, unsaved.text);
      assert.match(
        unsaved.text,
        /No baseline: no run .* was saved .*\. Last run \(.*, not saved\): [+−±]\S+ at p95, without a verdict\./,
      );
      const saved = await space.answer(['baseline', 'save'], env, join(space.folder, 'plain'));
      assert.match(saved.stdout, /^saved {2}reports\/runs\//);
      const foreign = await run(`${other.url}/items`);
      if (foreign === null) return;
      assert.equal(foreign.code, 0, foreign.text);
      assert.match(foreign.text, /No baseline: .*measured another target/);
      const compared = await run(`${target.url}/items`);
      if (compared === null) return;
      assert.match(compared.text, /Baseline: the run of /);
      const id = /url-\S+Z-([0-9a-f]{8})/.exec(saved.stdout)?.[1] ?? '';
      const asked = await run(`${other.url}/items`, '--baseline', id);
      if (asked === null) return;
      assert.equal(asked.code, 1, asked.text);
      assert.match(asked.text, /which was named; it measured another target/);
    } finally {
      await other.stop();
    }
  });
});

describe('the baseline in a clone of depth 1 that cannot be deepened', () => {
  /** Main is c1 and c2, both measured; the branch left it at c1; the clone knows the tips of `branches` alone. */
  async function shallowIn(folder: string, ...branches: readonly string[]) {
    const code = newRepository(join(space.folder, folder, 'code'));
    const remote = newRemote(join(space.folder, folder, 'remote'));
    code.run('remote', 'add', 'origin', `file://${remote.folder}`);
    await space.write(`${folder}/code/reports/runs/.keep`, '');
    const runs = join(code.folder, 'reports', 'runs');
    const measuredAt = async (name: string) => {
      const commit = await code.commit(name);
      await writeRecord(runs, runOf(name, { commit }));
      return commit;
    };
    const c1 = await measuredAt('c1');
    await measuredAt('c2');
    const records = (await readdir(runs)).filter(isRecord).map(name => join(runs, name));
    const saved = await space.answer(['baseline', 'save', ...records], env, code.folder);
    assert.equal(saved.code, 0, saved.stderr);
    code.run('checkout', '--quiet', '-b', 'old', c1);
    const head = await code.commit('o1');
    code.run('push', '--quiet', 'origin', 'main', 'old', 'plimsoll-data');
    const clone = cloneOf(remote.folder, join(space.folder, folder, 'clone'), '--depth=1', '--branch=old');
    const refs = [...branches, 'plimsoll-data'].map(
      name => `+refs/heads/${name}:refs/remotes/origin/${name}`,
    );
    clone.run('fetch', '--quiet', '--depth=1', 'origin', ...refs);
    clone.run('branch', '--quiet', 'plimsoll-data', 'origin/plimsoll-data');
    await space.write(`${folder}/clone/reports/runs/.keep`, '');
    await writeRecord(join(clone.folder, 'reports', 'runs'), runOf('head', { commit: head, branch: 'old' }));
    const show = async () => {
      const ci = { ...env, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main' };
      const { stdout, stderr } = await space.answer(['baseline', 'show'], ci, clone.folder);
      return flat(stdout + stderr);
    };
    return { clone, c1, show };
  }
  const claims = /no ancestor|belongs to an ancestor/;

  test('is the latest of the target branch, with what git said and no claim about ancestors', async () => {
    const { clone, c1, show } = await shallowIn('both', 'main', 'old');
    const origin = clone.run('remote', 'get-url', 'origin');
    clone.run('remote', 'set-url', 'origin', 'https://127.0.0.1:9/gone.git');
    const told = await show();
    assert.match(told, /latest of main, since the history is incomplete, so the merge-base is unknown/);
    assert.match(told, /git fetch failed \(.*unable to access/);
    assert.doesNotMatch(told, claims);
    clone.run('remote', 'set-url', 'origin', origin);
    const reached = await show();
    assert.match(reached, new RegExp(`at ${c1.slice(0, 10)}, where this commit left main`));
    assert.doesNotMatch(reached, /incomplete|git fetch/);
  });
  test('is none where the target branch is not here either', async () => {
    const { clone, show } = await shallowIn('one', 'old');
    clone.run('remote', 'set-url', 'origin', 'https://127.0.0.1:9/gone.git');
    const told = await show();
    assert.match(told, /the history is incomplete, so the merge-base is unknown.*git fetch failed/);
    assert.doesNotMatch(told, claims);
  });
});

const isRecord = (name: string) => name.endsWith('.json');
