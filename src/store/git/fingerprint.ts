import { realpath } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { relative, resolve } from 'node:path';
import type { Fingerprint } from '../../model/run/record.ts';
import { type GitEnvironment, gitIn } from './git.ts';

/** How long git may take in all; a repository that is slower than this is left out. */
const gitTimeoutMs = 5_000;

/** Describes the machine, the tool and the code: `cwd` is where the repository is looked for. */
export async function fingerprintOf(about: {
  readonly targetHost: string;
  /** The version of Plimsoll. */
  readonly plimsoll: string;
  readonly cwd: string;
  readonly env: GitEnvironment;
}): Promise<Fingerprint> {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    os: `${type()} ${release()} ${process.arch}`,
    node: process.versions.node,
    plimsoll: about.plimsoll,
    ci: ciOf(about.env),
    targetHost: about.targetHost,
    git: await gitStateOf(about.cwd, about.env),
  };
}

/** A file's path in its repository, with slashes; null outside one. */
export async function pathInRepository(
  file: string,
  cwd: string,
  env: GitEnvironment,
): Promise<string | null> {
  try {
    const root = await gitIn(cwd, env, AbortSignal.timeout(gitTimeoutMs)).text([
      'rev-parse',
      '--show-toplevel',
    ]);
    const path = relative(await realpath(root), await realpath(resolve(cwd, file)));
    return path.startsWith('..') ? null : path.replaceAll('\\', '/');
  } catch {
    return null;
  }
}

/** The CI that a process runs in, such as `github-actions`; null outside of any. */
export function ciOf(env: GitEnvironment): string | null {
  const isOn = (name: string) => !['', '0', 'false', undefined].includes(env[name]?.toLowerCase());
  if (isOn('GITHUB_ACTIONS')) return 'github-actions';
  if (isOn('GITLAB_CI')) return 'gitlab-ci';
  return isOn('CI') ? 'ci' : null;
}

/**
 * Commit, branch and whether a tracked file differs; null outside a repository, without git, without a commit yet, and
 * where git refuses or takes too long. Untracked files do not count: reports would make every second run dirty.
 */
export async function gitStateOf(cwd: string, env: GitEnvironment): Promise<Fingerprint['git']> {
  try {
    const git = gitIn(cwd, env, AbortSignal.timeout(gitTimeoutMs));
    const commit = await git.text(['rev-parse', '--verify', 'HEAD']);
    const changes = await git.text(['--no-optional-locks', 'status', '--porcelain', '--untracked-files=no']);
    const head = await git.text(['rev-parse', '--abbrev-ref', 'HEAD']);
    const branch = head === 'HEAD' ? branchFrom(env) : head;
    return { commit, branch, dirty: changes !== '' };
  } catch {
    return null;
  }
}

/** The branch as CI tells it, where a detached commit is checked out; a pull request's own branch comes first. */
function branchFrom(env: GitEnvironment): string | null {
  return env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || env.CI_COMMIT_REF_NAME || null;
}
