import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import { removeFolder } from '../files/folder-removal.ts';
import { type Git, type GitEnvironment, gitIn } from './git.ts';
import { commitOrNull, unknownRef } from './unknown-ref.ts';

/** How git is called: by default in the environment of this process. */
export interface GitOptions {
  readonly env?: GitEnvironment | undefined;
  /** Ends a call under way; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A commit that was checked out into a folder of its own. */
export interface Worktree {
  /** In it, the folder that is to the worktree what the working folder is to the repository. */
  readonly directory: string;
  /** Removes the folder with whatever was put into it, and git's entry; a second call does nothing. */
  remove(): Promise<void>;
}

/**
 * The commit that a branch, a tag, an id or an expression such as `HEAD~1` means, and the merge-base of `main...HEAD`, in the repository around a folder. Throws
 * `git.unknown-ref` with the names that come nearest, and `store.no-repository`.
 */
export async function commitOf(
  cwd: string,
  ref: string,
  { env = process.env, signal }: GitOptions = {},
): Promise<string> {
  const git = gitIn(cwd, env, signal);
  await git.text(['rev-parse', '--git-dir']);
  const commit = await commitOrNull(git, ref);
  if (commit === null) throw await unknownRef(git, ref);
  return commit;
}

/**
 * Checks out a commit of the repository around `cwd` into a folder that does not exist yet, on no branch. The user's work
 * tree, index and `HEAD` stay as they are, and no hook runs. Submodules stay empty: a build that needs them runs `git submodule
 * update --init` itself. Throws `store.git-failed`, and `file.missing` where the commit lacks the working folder; nothing is left
 * behind then.
 */
export async function addWorktree(
  cwd: string,
  commit: string,
  directory: string,
  { env = process.env, signal }: GitOptions = {},
): Promise<Worktree> {
  const remove = () => removeWorktrees(cwd, [directory], { env });
  const git = gitIn(cwd, env, signal);
  const inside = await git.text(['rev-parse', '--show-prefix']);
  const folder = resolve(directory, inside);
  try {
    // In two steps, since only a reset can be told to leave submodules alone.
    const add = ['worktree', 'add', '--quiet', '--detach', '--no-checkout', directory, commit];
    await git.text(add);
    const reset = ['reset', '--quiet', '--hard', '--no-recurse-submodules'];
    await gitIn(directory, env, signal).text(reset);
    if (!(await isFolder(folder))) {
      throw problem('folder.missing', {
        where: `${inside} of commit ${commit.slice(0, 10)}`,
        expected: 'the working folder, in which the commands run, in that commit too',
        instead: 'start in a folder that both commits have',
      });
    }
  } catch (error) {
    await remove().catch(() => {});
    throw error;
  }
  return { directory: folder, remove };
}

/**
 * Removes worktrees of a repository: the folders with all that is in them, and git's entries. What is gone already is no
 * error, nor is a repository that is gone itself. A folder's name must be its own in the repository: an entry without a path, as git
 * leaves it where it is killed early, is known by its name alone. Throws `folder.not-removed` and `store.git-failed`.
 */
export async function removeWorktrees(
  repository: string,
  directories: readonly string[],
  { env = process.env, signal }: GitOptions = {},
): Promise<void> {
  const cwd = await nearestFolder(repository);
  const remove = async (directory: string) => {
    await removeFolder(directory);
    // Forced twice: git holds a lock on a worktree that it did not make to the end.
    const command = ['worktree', 'remove', '--force', '--force', directory];
    const git = gitIn(cwd, env, signal);
    await git.text(command).catch(async (error: unknown) => {
      if (!isUnknownToGit(error)) throw error;
      await removeUnfinished(git, basename(directory));
    });
  };
  const failures: unknown[] = [];
  // What cannot be removed keeps nothing else.
  for (const directory of directories) await remove(directory).catch(error => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Removes the entry of a worktree whose path git had not written down yet; git itself never does, since it holds a lock on it. */
async function removeUnfinished(git: Git, name: string): Promise<void> {
  const path = await git.textOrNull(['rev-parse', '--git-path', 'worktrees']).catch(() => null);
  if (path === null) return;
  const entries = resolve(git.cwd, path);
  // Git puts a number behind a name that is taken.
  const isNamedSo = (entry: string) => entry.startsWith(name) && /^\d*$/.test(entry.slice(name.length));
  for (const entry of (await readdir(entries).catch(() => [])).filter(isNamedSo)) {
    const place = await readFile(join(entries, entry, 'gitdir'), 'utf8').catch(() => '');
    if (place.trim() === '') await removeFolder(join(entries, entry));
  }
}

function isUnknownToGit(error: unknown): boolean {
  return (
    error instanceof PlimsollError &&
    error.problems.every(
      ({ code, found }) => code === 'store.no-repository' || /is not a working tree/.test(found ?? ''),
    )
  );
}

/** The folder itself, or the nearest one above it that still exists. */
async function nearestFolder(folder: string): Promise<string> {
  const above = dirname(folder);
  return above === folder || (await isFolder(folder)) ? folder : await nearestFolder(above);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
