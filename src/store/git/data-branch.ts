import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { problem } from '../../model/error.ts';
import { critical } from '../../safety/critical-section.ts';
import { type Git, GitFailure, lastLines } from './git.ts';

/** The orphan branch that holds baselines. */
export const dataBranch = 'plimsoll-data';
/** The full name of that branch. */
export const dataRef = `refs/heads/${dataBranch}`;

/** A file on the branch. */
export interface BranchFile {
  readonly path: string;
  readonly blob: string;
  readonly bytes: number;
}

/** A change to the branch: a path gets a blob, or goes. */
export interface BranchChange {
  readonly path: string;
  readonly blob: string | null;
}

/** How often a writer tries again when others write too: about twenty seconds in all. */
const attempts = 60;
/** Git holds this lock for milliseconds; an older one was left by a process that was killed. */
const staleLockMs = 10_000;
/** An index is in use for about a second. */
const staleIndexMs = 3_600_000;

/** The branch's last commit; null where there is no such branch. Throws `store.no-repository` or `store.branch-corrupt`. */
export async function tipOf(git: Git): Promise<string | null> {
  const ask = () => git.textOrNull(['rev-parse', '--verify', '--quiet', dataRef]);
  const first = await ask();
  const file = first === null ? await gitPath(git, dataRef) : '';
  // A folder holds the branches of a user who calls them `plimsoll-data/…`.
  const isThere = first === null && ((await stat(file).catch(() => null))?.isFile() ?? false);
  // A file without a commit is damage, unless another process made the branch between the two looks.
  const named = isThere ? await ask() : first;
  if (named === null) {
    if (isThere) throw corruptBranch(`no commit in ${file}`, `mv "${file}" ${dataBranch}.damaged`);
    return null;
  }
  if ((await git.textOrNull(['rev-parse', '--verify', '--quiet', `${named}^{tree}`])) !== null) return named;
  throw corruptBranch(`the commit ${named.slice(0, 12)}, which is missing or damaged`);
}

/** Every file of a commit of the branch. */
export async function filesOf(git: Git, commit: string): Promise<readonly BranchFile[]> {
  const listing = await git
    .text(['ls-tree', '-r', '-z', '--long', '--full-tree', commit])
    .catch((error: unknown) => {
      throw error instanceof GitFailure ? corruptBranch(lastLines(error.output)) : error;
    });
  return listing.split('\0').flatMap(line => {
    const match = /^\d+ blob ([0-9a-f]+) +(\d+|-|BAD)\t(.+)$/s.exec(line);
    const [, blob, bytes, path] = match ?? [];
    return blob && path ? [{ path, blob, bytes: Number(bytes) }] : [];
  });
}

/** Stores a text as a blob and returns its id. */
export async function writeBlob(git: Git, text: string): Promise<string> {
  return await git.text(['hash-object', '-w', '--stdin'], { input: text });
}

/**
 * A commit on top of `parent` (null for the first of all) with some files changed, made in an index of its own, so that
 * work tree and index stay as they are; `parent` itself where nothing changes.
 */
export async function commitWith(
  git: Git,
  parent: string | null,
  changes: readonly BranchChange[],
  message: string,
): Promise<string | null> {
  if (changes.length === 0) return parent;
  return await critical(() => commitInOwnIndex(git, parent, changes, message));
}

async function commitInOwnIndex(
  git: Git,
  parent: string | null,
  changes: readonly BranchChange[],
  message: string,
): Promise<string | null> {
  const folder = await indexFolder(git);
  const indexFile = join(folder, 'index');
  try {
    await git.text(parent === null ? ['read-tree', '--empty'] : ['read-tree', parent], { indexFile });
    const gone = '0'.repeat(changes.find(({ blob }) => blob !== null)?.blob?.length ?? parent?.length ?? 40);
    const input = changes
      .map(({ path, blob }) => (blob === null ? `0 ${gone}\t${path}\0` : `100644 ${blob}\t${path}\0`))
      .join('');
    await git.text(['update-index', '-z', '--index-info'], { indexFile, input });
    const tree = await git.text(['write-tree', '--missing-ok'], { indexFile });
    if (parent !== null && tree === (await git.text(['rev-parse', `${parent}^{tree}`]))) return parent;
    return await git.text(['commit-tree', tree, ...(parent === null ? [] : ['-p', parent]), '-m', message]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder for an index, within git's own; those of processes that were killed go. */
async function indexFolder(git: Git): Promise<string> {
  const above = await gitPath(git, 'plimsoll');
  try {
    await mkdir(above, { recursive: true });
    for (const name of await readdir(above)) {
      if (!name.startsWith('index-')) continue;
      const found = await stat(join(above, name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > staleIndexMs) {
        await rm(join(above, name), { recursive: true, force: true });
      }
    }
    return await mkdtemp(join(above, 'index-'));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw problem(
      'store.git-failed',
      { where: above, found, expected: 'a folder to write to' },
      { cause: error },
    );
  }
}

/**
 * Moves the branch to what `next` makes of its tip, again and again while others move it meanwhile; returns where it
 * stands then. Throws `store.busy` where that never ends.
 */
export async function moveBranch(
  git: Git,
  next: (tip: string | null) => Promise<string | null>,
): Promise<string | null> {
  let last = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const tip = await tipOf(git);
    const commit = await next(tip);
    if (commit === null || commit === tip) return tip;
    await seeNotCheckedOut(git);
    try {
      await git.text(['update-ref', dataRef, commit, tip ?? '']);
      return commit;
    } catch (error) {
      if (!(error instanceof GitFailure) || !isInUse(error.output)) throw error;
      last = lastLines(error.output);
    }
    if (tip === null) await seeNothingBelow(git);
    await freeStaleLock(git, dataRef);
    await pause(20 * Math.min(attempt, 20));
  }
  throw problem('store.busy', {
    where: dataBranch,
    found: last,
  });
}

/** A work tree that stays behind its branch looks as if somebody had removed what is new. */
async function seeNotCheckedOut(git: Git): Promise<void> {
  const worktrees = (await git.text(['worktree', 'list', '--porcelain'])).split('\n\n');
  const found = worktrees
    .map(worktree => worktree.split('\n'))
    .find(facts => facts.includes(`branch ${dataRef}`) && !facts.some(fact => fact.startsWith('prunable')));
  if (found === undefined) return;
  const folder = found[0]?.replace('worktree ', '');
  throw problem('store.branch-checked-out', {
    where: dataBranch,
    found: `the branch checked out in ${folder}`,
    expected: 'a branch that is checked out nowhere, since it is written without a work tree',
    instead: `git -C "${folder}" checkout --detach`,
  });
}

/** Git takes no branch beside others whose names begin with its own and a slash. */
async function seeNothingBelow(git: Git): Promise<void> {
  const below = await git.text(['for-each-ref', '--count=1', '--format=%(refname:lstrip=2)', `${dataRef}/`]);
  if (below === '') return;
  throw problem('store.branch-name-taken', {
    where: dataBranch,
    found: `the branch ${below}`,
    expected: `no branch below ${dataBranch}, the name of the branch of baselines`,
    instead: `git branch -m ${below} ${below.replace('/', '-')}`,
  });
}

/** What git says where another process has a ref, or changed it meanwhile; where nobody may write, waiting is of no use. */
export function isInUse(output: string): boolean {
  return (
    /cannot lock ref|\.lock'|reference already exists|incorrect old value|shallow file has changed/.test(
      output,
    ) &&
    !/aborted by (?:the \S+ )?hook|Permission denied|not permitted|Read-only file system|No space left/.test(
      output,
    )
  );
}

/** Waits a random part of the given time, so that those who met once do not meet again. */
export function pause(longestMs: number): Promise<void> {
  return new Promise(later => setTimeout(later, 5 + Math.random() * longestMs));
}

/** Takes away the lock of a ref that a killed git left behind. */
export async function freeStaleLock(git: Git, ref: string): Promise<void> {
  const lock = await gitPath(git, `${ref}.lock`);
  const found = await stat(lock).catch(() => null);
  // Where it cannot be taken away, the next call of git names it.
  if (found && Date.now() - found.mtimeMs > staleLockMs) await rm(lock, { force: true }).catch(() => {});
}

/** The folder for what is known of the branch, the same for all work trees. */
export async function dataFolder(git: Git): Promise<string> {
  return resolve(git.cwd, await git.text(['rev-parse', '--git-common-dir']), 'plimsoll');
}

async function gitPath(git: Git, name: string): Promise<string> {
  return resolve(git.cwd, await git.text(['rev-parse', '--git-path', name]));
}

/** What keeps the branch's commit in a file and frees its name: git would not let another branch name a commit that is missing. */
const branchAside = `git rev-parse ${dataRef} > ${dataBranch}.damaged && git update-ref -d ${dataRef}`;

function corruptBranch(found: string, aside = branchAside) {
  return problem('store.branch-corrupt', {
    where: dataBranch,
    found,
    expected: 'a branch whose commits and trees are whole',
    instead: `${aside}, then plimsoll baseline pull`,
  });
}
