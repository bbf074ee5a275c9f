import { type Git, type GitEnvironment, GitFailure, lastLines } from './git.ts';

/** What CI calls the branch that a change is meant for. */
const namedByCi = [
  'GITHUB_BASE_REF',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
  'BITBUCKET_PR_DESTINATION_BRANCH',
];
const usual = ['main', 'master', 'trunk'];
/** What a merge queue of GitHub tests, which names no base in the environment. */
const mergeQueue = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/;

/** The branch that CI says a change is meant for; null outside a pull request. */
export function branchOfPullRequest(env: GitEnvironment): string | null {
  const named = namedByCi.map(name => env[name]).find(name => name);
  return named ?? mergeQueue.exec(env.GITHUB_REF ?? '')?.[1] ?? null;
}

/** A branch that changes are meant for, and the commit at its tip. */
export interface TargetBranch {
  readonly name: string;
  readonly tip: string;
}

/** The target branch, and what git said where it could not be fetched. */
export interface TargetSearch {
  /** Null where there is none here. */
  readonly branch: TargetBranch | null;
  readonly failure: string | null;
}

/**
 * The branch that changes are meant for: the one asked for, else the one that CI names, else the remote's default
 * branch, else `main`, `master` or `trunk`. Where it is not here it is fetched, if that is allowed.
 */
export async function targetBranch(
  git: Git,
  about: {
    readonly options?: string | undefined;
    readonly env: GitEnvironment;
    readonly remote: string | null;
    readonly mayFetch: boolean;
  },
): Promise<TargetSearch> {
  const { remote } = about;
  const asked = about.options ?? branchOfPullRequest(about.env);
  const here = asked ? [asked] : await usualBranches(git, remote);
  for (const name of here) {
    const tip = await tipHere(git, name, remote);
    if (tip !== null) return { branch: { name, tip }, failure: null };
  }
  const none = { branch: null, failure: null };
  if (remote === null || !about.mayFetch) return none;
  const name = asked ?? (await defaultBranch(git, remote));
  if (name === null || !(await isName(git, name))) return none;
  const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
  const tracking = `refs/remotes/${remote}/${name}`;
  const failure = await fetchFailure(git, [
    ...(isShallow ? ['--depth=1'] : []),
    remote,
    `+refs/heads/${name}:${tracking}`,
  ]);
  const tip = await tipHere(git, name, remote);
  return tip === null ? { branch: null, failure } : { branch: { name, tip }, failure: null };
}

/** Fetches; what git said where it failed, and null where it did not. */
export async function fetchFailure(git: Git, args: readonly string[]): Promise<string | null> {
  const quietly = ['--no-tags', '--no-write-fetch-head', '--recurse-submodules=no', '--progress'];
  try {
    await git.text(['fetch', ...quietly, ...args], { network: true });
    return null;
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return lastLines(error.output);
  }
}

/**
 * The tip of a branch as the remote has it now, or as it is known here where that is not to be had; null where it is not
 * known either, with what git said.
 */
export async function freshTip(
  git: Git,
  name: string,
  { remote, mayFetch }: { readonly remote: string | null; readonly mayFetch: boolean },
): Promise<{ readonly tip: string | null; readonly failure: string | null }> {
  if (!(await isName(git, name))) return { tip: null, failure: null };
  let failure: string | null = null;
  if (remote !== null && mayFetch) {
    const tracking = `refs/remotes/${remote}/${name}`;
    const isHere = (await git.textOrNull(['rev-parse', '--verify', '--quiet', tracking])) !== null;
    const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
    // Of a branch that is here, a depth would cut off the history that is known.
    const depth = isShallow && !isHere ? ['--depth=1'] : [];
    failure = await fetchFailure(git, [...depth, remote, `+refs/heads/${name}:${tracking}`]);
  }
  return { tip: await tipHere(git, name, remote), failure };
}

/** The remote's view comes first: a local branch of that name may be months old. */
async function tipHere(git: Git, name: string, remote: string | null): Promise<string | null> {
  const refs = [...(remote === null ? [] : [`refs/remotes/${remote}/${name}`]), `refs/heads/${name}`];
  for (const ref of refs) {
    const tip = await git.textOrNull(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (tip !== null) return tip;
  }
  return null;
}

async function usualBranches(git: Git, remote: string | null): Promise<readonly string[]> {
  const prefix = `refs/remotes/${remote}/`;
  const head = remote === null ? null : await git.textOrNull(['symbolic-ref', '--quiet', `${prefix}HEAD`]);
  return head?.startsWith(prefix) ? [head.slice(prefix.length)] : usual;
}

async function defaultBranch(git: Git, remote: string): Promise<string | null> {
  const answer = await git.textOrNull(['ls-remote', '--symref', remote, 'HEAD'], { network: true });
  return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer ?? '')?.[1] ?? null;
}

async function isName(git: Git, name: string): Promise<boolean> {
  return (await git.textOrNull(['check-ref-format', `refs/heads/${name}`])) !== null;
}
