import { realpath } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { problem } from '../../model/error.ts';
import type { ChangedFile, GateBase } from '../../model/gate.ts';
import { largestText, tooLarge } from '../../safety/bounded-file.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { remoteOf } from './data-remote.ts';
import { ciOf } from './fingerprint.ts';
import { type Git, type GitEnvironment, gitIn } from './git.ts';
import { branchOfPullRequest, freshTip } from './target-branch.ts';
import { commitOrNull, unknownRef } from './unknown-ref.ts';

/** The files of a commit, by paths that are relative to the working folder, or absolute. */
export interface CommitFiles {
  readonly base: GateBase;
  /** A path as git writes it: `main:budgets.json`. */
  shown(file: string): string;
  /** A path from the top of the repository. */
  path(file: string): string;
  /** Whether a path lies in the repository at all. */
  holds(file: string): boolean;
  /** Throws `gate.no-base` where it is a link out of the repository. */
  has(file: string): Promise<boolean>;
  /** Null where the commit has no such file. Throws as `has` does, and `file.too-large`. */
  read(file: string): Promise<Buffer | null>;
  /** The paths of the files of a folder; none where the commit has no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Which of some files, or of the files of some folders, the work tree has otherwise; files that git does not track are left out. */
  changed(paths: readonly string[], from?: 'folder' | 'top'): Promise<readonly ChangedFile[]>;
}

/**
 * The files of the branch that CI says a change is meant for, at its tip; null outside a pull request. Its tip rather than
 * the merge-base: nobody can choose it by where a branch begins. Throws `gate.no-base` where it cannot be read.
 */
export async function baseOfPullRequest(cwd: string, env: GitEnvironment): Promise<CommitFiles | null> {
  const branch = branchOfPullRequest(env);
  if (branch === null) return null;
  const git = gitIn(cwd, env);
  const isRepository = (await git.textOrNull(['rev-parse', '--git-dir']).catch(() => null)) !== null;
  if (!isRepository) {
    const instead = 'check out the code first, such as with actions/checkout';
    throw problem('gate.no-base', { where: branch, found: 'no git repository here', instead });
  }
  const remote = await remoteOf(git).catch(() => null);
  const { tip, failure } = await freshTip(git, branch, { remote, mayFetch: ciOf(env) !== null });
  if (tip !== null) return await filesOfCommit(git, { name: branch, commit: tip });
  throw noBase(branch, {
    found: failure === null ? 'no such branch here' : `git fetch failed: ${failure}`,
  });
}

/** The files of a commit that somebody named. Throws `git.unknown-ref`, and `store.no-repository`. */
export async function namedBase(cwd: string, env: GitEnvironment, ref: string): Promise<CommitFiles> {
  const git = gitIn(cwd, env);
  await git.text(['rev-parse', '--git-dir']);
  const commit = await commitOrNull(git, ref);
  if (commit === null) throw await unknownRef(git, ref);
  return await filesOfCommit(git, { name: ref, commit });
}

async function filesOfCommit(git: Git, base: GateBase): Promise<CommitFiles> {
  const inside = await git.text(['rev-parse', '--show-prefix']);
  const folder = await realpath(git.cwd);
  await assertOwnFolder(git, base, folder);
  /** From the top of the repository, with slashes. */
  const pathOf = (file: string) => {
    const local = (isAbsolute(file) ? relative(folder, file) : file).replaceAll('\\', '/');
    return posix.normalize(posix.join(inside, local)).replace(/\/$/, '');
  };
  const holds = (file: string) => {
    const path = pathOf(file);
    return path !== '..' && !path.startsWith('../') && !posix.isAbsolute(path);
  };
  const shown = (file: string) => `${base.name}:${posix.relative(inside, pathOf(file))}`;
  const found = async (file: string): Promise<{ readonly id: string; readonly bytes: number } | null> => {
    const path = pathOf(file);
    if (!holds(file) || path.includes('\n')) return null;
    const answer = await git.objects(['--batch-check', '--follow-symlinks'], `${base.commit}:${path}\n`);
    const [line = ''] = answer.toString('utf8').split('\n');
    const [, id, bytes] = /^([0-9a-f]{40,64}) blob (\d+)$/.exec(line) ?? [];
    if (id !== undefined) return { id, bytes: Number(bytes) };
    if (/ missing$|^notdir |^[0-9a-f]{40,64} tree /.test(line)) return null;
    throw noBase(base.name, { where: shown(file), found: 'a link to something outside of the commit' });
  };
  return {
    base,
    shown,
    path: pathOf,
    holds,
    has: async file => (await found(file)) !== null,
    async read(file) {
      const blob = await found(file);
      if (blob === null) return null;
      if (blob.bytes > largestText) throw tooLarge(shown(file), blob.bytes, largestText);
      const answer = await git.objects(['--batch'], `${blob.id}\n`);
      const start = answer.indexOf('\n') + 1;
      return answer.subarray(start, start + blob.bytes);
    },
    async list(of) {
      const args = ['ls-tree', '-z', '--name-only', '--full-tree', base.commit, '--', `${pathOf(of)}/`];
      const listed = holds(of) ? await git.textOrNull(args) : null;
      return (listed ?? '')
        .split('\0')
        .filter(path => path !== '')
        .map(path => posix.join(of, posix.basename(path)));
    },
    async changed(paths, from = 'folder') {
      const known = from === 'top' ? paths : paths.filter(holds).map(pathOf);
      if (known.length === 0) return [];
      const listed = await git.text([
        ...['diff', '--name-status', '--no-renames', '--no-ext-diff', '--ignore-submodules', '-z'],
        ...[base.commit, '--', ...known.map(path => `:(top,literal)${path}`)],
      ]);
      const words = listed.split('\0');
      return words.flatMap((path, index): readonly ChangedFile[] => {
        if (index % 2 === 0 || path === '') return [];
        const how = hows[words[index - 1]?.[0] ?? ''] ?? 'changed';
        return [{ file: from === 'top' ? path : posix.relative(inside, path), how }];
      });
    },
  };
}

/**
 * Throws `gate.no-base` where the working folder is reached by a link in place of what the base has there: the files of the base
 * would be those of another folder, which the link chose.
 */
async function assertOwnFolder(git: Git, base: GateBase, folder: string): Promise<void> {
  const top = await git.text(['rev-parse', '--show-toplevel']);
  const args = ['diff', '--raw', '--no-renames', '--no-ext-diff', '--ignore-submodules', '-z', base.commit];
  const words = (await git.text([...args, '--'])).split('\0');
  for (const [index, path] of words.entries()) {
    if (index % 2 === 0 || !/^:\d+ 120000 /.test(words[index - 1] ?? '')) continue;
    const leadsTo = await realpath(join(top, path)).catch(() => null);
    if (leadsTo === null || relative(leadsTo, folder).split(sep)[0] === '..') continue;
    const was = await git.textOrNull(['rev-parse', '--verify', '--quiet', `${base.commit}:${path}`]);
    if (was === null) continue;
    const found = `a link in place of what ${base.name} has there, and it leads to the working folder`;
    const instead =
      'name the folder itself where the command is called; or --gate head, which judges by this checkout';
    throw problem('gate.no-base', { where: printable(path), found, instead });
  }
}

const hows: { readonly [letter: string]: ChangedFile['how'] | undefined } = { A: 'added', D: 'removed' };

function noBase(name: string, { where = name, found }: { readonly where?: string; readonly found: string }) {
  return problem('gate.no-base', { where, found });
}
