import { problem } from '../../model/error.ts';
import {
  type BranchChange,
  type BranchFile,
  commitWith,
  dataBranch,
  dataRef,
  filesOf,
  freeStaleLock,
  isInUse,
  moveBranch,
  pause,
  tipOf,
} from './data-branch.ts';
import { type Git, GitFailure, lastLines } from './git.ts';

/** What a remote's branch was when it was last asked; below the remote's name, for that may have slashes in it. */
const noteOf = (remote: string) => `refs/plimsoll/remotes/${remote}/${dataBranch}`;

/** How often a push that others overtook is tried again. */
const pushAttempts = 30;
/** How often a fetch beside others is tried: for longer than a lock of a killed git is tolerated. */
const fetchAttempts = 40;

/** What came of a pull. */
export interface Pulled {
  readonly remote: string;
  /** False where the remote has no branch of baselines yet. */
  readonly isThere: boolean;
  /** Runs that the branch has now and had not before. */
  readonly added: number;
  readonly removed: number;
}

/** What came of a push. */
export interface Pushed {
  readonly remote: string;
  /** Runs that the remote has now and had not before. */
  readonly added: number;
  readonly removed: number;
  /** How often others were faster. */
  readonly overtaken: number;
}

/** The remote to share with: the one that is asked for, else `origin`, else the only one. Throws `store.no-remote`. */
export async function remoteOf(git: Git, options?: string): Promise<string> {
  const remotes = (await git.text(['remote'])).split('\n').filter(name => name !== '');
  const usual = remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  const chosen = options === undefined ? usual : remotes.find(name => name === options);
  if (chosen !== undefined) return chosen;
  throw problem('store.no-remote', {
    where: git.cwd,
    found: remotes.length === 0 ? 'no remote at all' : `the remotes ${remotes.join(', ')}`,
    expected:
      options === undefined ? 'a remote named origin, or one remote alone' : `a remote named ${options}`,
    instead:
      remotes.length === 0
        ? 'git remote add origin URL; baselines saved so far stay where they are'
        : `--remote ${remotes[0]}`,
  });
}

/** Brings the remote's baselines here; those saved here alone are kept, on top of them. */
export async function pullBranch(git: Git, options?: string): Promise<Pulled> {
  const before = await tipOf(git);
  const remote = await remoteOf(git, options);
  const theirs = await fetchBranch(git, remote);
  if (theirs === null) return { remote, isThere: false, added: 0, removed: 0 };
  const now = await adopt(git, theirs);
  return { remote, isThere: true, ...(await difference(git, before, now)) };
}

/**
 * Puts our baselines on the remote's branch. Where others pushed meanwhile, their commits are fetched, our changes are
 * applied on top of them and pushed again; nothing is ever forced, so that nobody's baselines are lost.
 */
export async function pushBranch(git: Git, options?: string): Promise<Pushed> {
  const remote = await remoteOf(git, options);
  let output = '';
  for (let overtaken = 0; overtaken < pushAttempts; overtaken += 1) {
    const theirs = await fetchBranch(git, remote);
    const ours = theirs === null ? await tipOf(git) : await adopt(git, theirs);
    if (ours === null || ours === theirs) return { remote, added: 0, removed: 0, overtaken };
    try {
      await git.text(
        [
          'push',
          '--porcelain',
          '--progress',
          '--no-verify',
          '--no-follow-tags',
          '--recurse-submodules=no',
          remote,
          `${ours}:${dataRef}`,
        ],
        { network: true },
      );
      // The push is done, whether or not it can be noted.
      await git.textOrNull(['update-ref', noteOf(remote), ours]);
      return { remote, ...(await difference(git, theirs, ours)), overtaken };
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      output = error.output;
      if (refusalOf(output) !== 'overtaken') break;
    }
    await pause(100 * Math.min(overtaken + 1, 10));
  }
  throw problem('store.push-failed', {
    where: `push of ${dataBranch} to ${remote}`,
    found: lastLines(output),
    instead: waysOut[refusalOf(output)],
  });
}

type Refusal = 'overtaken' | 'blocked' | 'refused';

/**
 * Why a push failed, by git's own line on the branch, for a server may write anything around it: somebody else's push came first
 * or is under way, the remote has a branch below the name of ours, or it wants no push.
 */
function refusalOf(output: string): Refusal {
  const verdict = /^!\t\S+\t(.*)$/m.exec(output)?.[1] ?? '';
  const others =
    /^\[rejected\]|cannot lock ref|failed to update ref|reference already exists|incorrect old value/;
  const isLocked = verdict.includes('Unable to create ') && verdict.includes('.lock');
  if (!isLocked && !others.test(verdict)) return 'refused';
  return output.includes(`exists; cannot create '${dataRef}'`) ? 'blocked' : 'overtaken';
}

const waysOut: { readonly [refusal in Refusal]: string } = {
  overtaken: 'try again: others pushed at the same time, again and again',
  blocked: `rename the branch of the remote whose name begins with ${dataBranch}/`,
  refused: `let this user push the branch ${dataBranch} (in GitHub Actions: permissions: contents: write)`,
};

/**
 * The remote's tip, with its objects here; null where it has no such branch. A shallow clone gets the tip alone at first, and
 * from then on all that came after it: were it cut off again, nobody could tell what the other side removed.
 */
async function fetchBranch(git: Git, remote: string): Promise<string | null> {
  const note = noteOf(remote);
  const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
  const args = [
    'fetch',
    '--no-tags',
    '--no-write-fetch-head',
    '--recurse-submodules=no',
    // A partial clone would fetch every run by itself as soon as it is looked at.
    '--no-filter',
    '--progress',
  ];
  for (let attempt = 1; ; attempt += 1) {
    await freeStaleLock(git, note);
    try {
      const isFirst = (await git.textOrNull(['rev-parse', '--verify', '--quiet', note])) === null;
      const depth = isShallow && isFirst ? ['--depth=1'] : [];
      await git.text([...args, ...depth, remote, `+${dataRef}:${note}`], { network: true });
      return await git.text(['rev-parse', '--verify', note]);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      if (/couldn't find remote ref/.test(error.output)) return null;
      // Another Plimsoll fetches in the same clone.
      if (attempt < fetchAttempts && isInUse(error.output)) {
        await pause(50 * Math.min(attempt, 20));
        continue;
      }
      throw problem(
        'store.fetch-failed',
        {
          where: `fetch of ${dataBranch} from ${remote}`,
          found: lastLines(error.output),
          instead: `see that git ls-remote ${remote} works here`,
        },
        { cause: error },
      );
    }
  }
}

/** Moves our branch onto the remote's tip, with what is ours alone on top; returns where it stands then. */
async function adopt(git: Git, theirs: string): Promise<string> {
  const now = await moveBranch(git, async ours => {
    if (ours === null || (await isAncestor(git, ours, theirs))) return theirs;
    if (await isAncestor(git, theirs, ours)) return ours;
    // Where histories do not meet, as with another remote or a branch made anew, nobody removed anything.
    const base = await git.textOrNull(['merge-base', ours, theirs]);
    const changes = ownChanges(
      base === null ? [] : await filesOf(git, base),
      await filesOf(git, ours),
      await filesOf(git, theirs),
    );
    return await commitWith(git, theirs, changes, 'Bring baselines together');
  });
  return now ?? theirs;
}

/** What we changed since the base and they did not: a path that both changed stays as they have it. */
function ownChanges(
  base: readonly BranchFile[],
  ours: readonly BranchFile[],
  theirs: readonly BranchFile[],
): readonly BranchChange[] {
  const [before, here, there] = [base, ours, theirs].map(
    files => new Map(files.map(({ path, blob }) => [path, blob])),
  ) as [Map<string, string>, Map<string, string>, Map<string, string>];
  return [...new Set([...before.keys(), ...here.keys()])].flatMap(path => {
    const isOurs = here.get(path) !== before.get(path) && there.get(path) === before.get(path);
    return isOurs ? [{ path, blob: here.get(path) ?? null }] : [];
  });
}

async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  return (await git.textOrNull(['merge-base', '--is-ancestor', older, newer])) !== null;
}

async function difference(git: Git, before: string | null, after: string) {
  const runs = async (commit: string | null) =>
    commit === null
      ? new Set<string>()
      : new Set(
          (await filesOf(git, commit)).map(({ path }) => path).filter(path => path.startsWith('runs/')),
        );
  const [had, has] = [await runs(before), await runs(after)];
  return {
    added: [...has].filter(path => !had.has(path)).length,
    removed: [...had].filter(path => !has.has(path)).length,
  };
}
