import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fingerprintOf } from '../../../src/store/git/fingerprint.ts';
import { inFolder } from './folder.ts';

const plain = { PATH: process.env.PATH, HOME: process.env.HOME };

const gitOf = async (cwd: string, env: { readonly [name: string]: string | undefined } = {}) =>
  (await fingerprintOf({ targetHost: '127.0.0.1', plimsoll: '0.1.0', cwd, env: { ...plain, ...env } })).git;

/** A real repository with one commit of one file. */
async function repositoryIn(folder: string): Promise<{ git: (...args: string[]) => string; commit: string }> {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      env: {
        ...plain,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.org',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.org',
      },
    }).trim();
  git('init', '--quiet', '--initial-branch=faster-bills');
  await writeFile(join(folder, 'server.js'), 'one\n');
  git('add', '.');
  git('commit', '--quiet', '--message=one');
  return { git, commit: git('rev-parse', 'HEAD') };
}

describe('the fingerprint', () => {
  test('describes the machine and the tool', async () => {
    await inFolder(async cwd => {
      const about = { targetHost: 'api.example', plimsoll: '0.1.0', cwd, env: plain };
      const fingerprint = await fingerprintOf(about);
      assert.ok(
        fingerprint.cpu.length > 0 && fingerprint.os.includes(process.arch),
        `${fingerprint.cpu}, ${fingerprint.os}`,
      );
      assert.ok(
        fingerprint.cores >= 1 && fingerprint.memoryMb > 100,
        `cores ${fingerprint.cores}, memoryMb ${fingerprint.memoryMb}`,
      );
      assert.equal(fingerprint.node, process.versions.node);
      assert.equal(fingerprint.plimsoll, '0.1.0');
      assert.equal(fingerprint.targetHost, 'api.example');
      assert.equal(fingerprint.ci, null);
    });
  });
  test('names the CI that it runs in', async () => {
    await inFolder(async cwd => {
      const ciOf = async (env: { readonly [name: string]: string }) =>
        (await fingerprintOf({ targetHost: '', plimsoll: '', cwd, env: { ...plain, ...env } })).ci;
      assert.equal(await ciOf({ CI: 'true', GITHUB_ACTIONS: 'true' }), 'github-actions');
      assert.equal(await ciOf({ CI: 'true', GITLAB_CI: 'true' }), 'gitlab-ci');
      assert.equal(await ciOf({ CI: '1' }), 'ci');
      assert.equal(await ciOf({ CI: 'false' }), null);
    });
  });
});

describe('the code in a fingerprint', () => {
  test('is commit and branch, clean until a tracked file changes', async () => {
    await inFolder(async folder => {
      const { commit } = await repositoryIn(folder);
      assert.deepEqual(await gitOf(folder), { commit, branch: 'faster-bills', dirty: false });
      await writeFile(join(folder, 'report.md'), 'not tracked\n');
      assert.equal((await gitOf(folder))?.dirty, false);
      await writeFile(join(folder, 'server.js'), 'two\n');
      assert.equal((await gitOf(folder))?.dirty, true);
    });
  });
  test('is found from a folder below', async () => {
    await inFolder(async folder => {
      const { commit } = await repositoryIn(folder);
      await mkdir(join(folder, 'scenarios'));
      assert.equal((await gitOf(join(folder, 'scenarios')))?.commit, commit);
    });
  });
  test('takes the branch of a detached commit from CI, a pull request first, or leaves it open', async () => {
    await inFolder(async folder => {
      const { git } = await repositoryIn(folder);
      git('checkout', '--quiet', '--detach');
      assert.equal((await gitOf(folder))?.branch, null);
      const ref = { GITHUB_REF_NAME: '12/merge' };
      assert.equal((await gitOf(folder, ref))?.branch, '12/merge');
      assert.equal(
        (await gitOf(folder, { ...ref, GITHUB_HEAD_REF: 'faster-bills' }))?.branch,
        'faster-bills',
      );
    });
  });
  test('is that of the working folder, whatever the environment tells git', async () => {
    await inFolder(async folder => {
      const { commit } = await repositoryIn(folder);
      const odd = {
        GIT_DIR: '/nonsense',
        GIT_WORK_TREE: '/',
        GIT_EDITOR: 'vi',
        EDITOR: 'vi',
        GIT_PAGER: 'less',
      };
      assert.deepEqual(await gitOf(folder, odd), { commit, branch: 'faster-bills', dirty: false });
    });
  });
  test('is told with the settings that the environment brings', async () => {
    await inFolder(async folder => {
      await repositoryIn(folder);
      await chmod(join(folder, 'server.js'), 0o755);
      assert.equal((await gitOf(folder))?.dirty, true);
      const settings = {
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: 'core.fileMode',
        GIT_CONFIG_VALUE_0: 'false',
        GIT_CONFIG_KEY_1: 'core.hooksPath',
        GIT_CONFIG_VALUE_1: '/dev/null',
      };
      assert.equal((await gitOf(folder, settings))?.dirty, false);
    });
  });
  test('is null outside a repository, before the first commit, without git and in a folder that is gone', async () => {
    await inFolder(async folder => {
      assert.equal(await gitOf(folder), null);
      execFileSync('git', ['init', '--quiet'], { cwd: folder, stdio: 'pipe' });
      assert.equal(await gitOf(folder), null);
      assert.equal(await gitOf(folder, { PATH: '/nowhere' }), null);
      assert.equal(await gitOf(join(folder, 'gone')), null);
    });
  });
});
