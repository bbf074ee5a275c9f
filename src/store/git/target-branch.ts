import type { Environment, Git } from './git.ts';

/** What CI calls the branch that a change is meant for. */
const namedByCi = [
  'GITHUB_BASE_REF',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
  'BITBUCKET_PR_DESTINATION_BRANCH',
];
const usual = ['main', 'master', 'trunk'];

/** A branch that changes are meant for, and the commit at its tip. */
export interface TargetBranch {
  readonly name: string;
  readonly tip: string;
}

/**
 * The branch that changes are meant for: the one asked for, else the one that CI names, else the remote's default
 * branch, else `main`, `master` or `trunk`. Where it is not here it is fetched, if that is allowed. Null where there is none.
 */
export async function targetBranch(
  git: Git,
  about: {
    readonly options?: string | undefined;
    readonly env: Environment;
    readonly remote: string | null;
    readonly mayFetch: boolean;
  },
): Promise<TargetBranch | null> {
  const { remote } = about;
  const asked = about.options ?? namedByCi.map(name => about.env[name]).find(name => name);
  const here = asked ? [asked] : await usualBranches(git, remote);
  for (const name of here) {
    const tip = await tipHere(git, name, remote);
    if (tip !== null) return { name, tip };
  }
  if (remote === null || !about.mayFetch) return null;
  const name = asked ?? (await defaultBranch(git, remote));
  if (name === null || !(await isName(git, name))) return null;
  const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
  const tracking = `refs/remotes/${remote}/${name}`;
  await git.textOrNull(
    [
      'fetch',
      '--no-tags',
      '--no-write-fetch-head',
      '--recurse-submodules=no',
      '--progress',
      ...(isShallow ? ['--depth=1'] : []),
      remote,
      `+refs/heads/${name}:${tracking}`,
    ],
    { network: true },
  );
  const tip = await tipHere(git, name, remote);
  return tip === null ? null : { name, tip };
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
