import type { CommitHistory, MissingHistory } from '../../model/judgement/baseline.ts';
import type { Git, GitEnvironment } from './git.ts';
import { fetchFailure, targetBranch } from './target-branch.ts';

/** How many commits are fetched in turn until a shallow clone knows enough; then all of them. */
const depths = ['--deepen=64', '--deepen=512', '--deepen=4096', '--unshallow'];
/** How far back ancestors are looked for. */
const mostAncestors = 50_000;

const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Which commits were measured, and where more of the history can be had. */
interface Surroundings {
  readonly measured: ReadonlySet<string>;
  readonly env: GitEnvironment;
  /** The branch that the commit is meant for; found out where it is left out. */
  readonly target?: string | undefined;
  /** The remote whose branches count; null for none. */
  readonly remote: string | null;
  /** True where the target branch may be fetched and a shallow clone deepened. */
  readonly mayFetch: boolean;
}

/**
 * Where a commit stands: its target branch, the merge-base with that, and which of the measured commits are its
 * ancestors. A shallow clone is deepened until the merge-base is found, and with it enough of the wanted ancestors or all
 * wanted commits of either branch. Null outside a repository, or where the commit is not in it.
 */
export async function commitHistory(
  git: Git,
  about: Surroundings & {
    readonly head: string;
    /** Those of the measured commits that a clone is deepened for, and how many are enough. */
    readonly wanted: ReadonlySet<string>;
    readonly enough: number;
    /** Commits at which a run was accepted as the new baseline. */
    readonly accepted?: ReadonlySet<string>;
  },
): Promise<CommitHistory | null> {
  const { head, measured, wanted, enough, env, remote, mayFetch } = about;
  if (!commitId.test(head)) return null;
  if ((await git.textOrNull(['rev-parse', '--verify', '--quiet', `${head}^{commit}`])) === null) return null;
  const search = await targetBranch(git, { options: about.target, env, remote, mayFetch });
  const target = search.branch;
  const look = async () => {
    const mergeBase = (target && (await git.textOrNull(['merge-base', head, target.tip]))) || null;
    return { mergeBase, ancestors: await measuredAncestors(git, [mergeBase ?? head], measured) };
  };
  const others = new Set([...wanted].filter(commit => commit !== head));
  const tips = [head, ...(target ? [target.tip] : [])];
  const { found, missing } = await deepened(git, about, head, target?.name, look, async seen => {
    if (target && seen.mergeBase === null) return false;
    const usable = seen.ancestors.filter(({ commit }) => others.has(commit));
    return usable.length >= enough || (await areAllIn(git, tips, others));
  });
  const { mergeBase, ancestors } = found;
  const untold: MissingHistory | null =
    search.failure === null ? missing : { kind: 'fetchFailed', said: search.failure };
  const own = mergeBase === null || mergeBase === head ? [head, '--no-walk'] : [head, `^${mergeBase}`];
  const accepted = await measuredAncestors(git, own, about.accepted ?? new Set());
  const onTarget = target ? await measuredAncestors(git, [target.tip], measured) : [];
  return {
    head,
    target: target?.name ?? null,
    mergeBase,
    ancestors,
    ...(accepted.length === 0 ? {} : { accepted }),
    onTarget: onTarget.map(({ commit }) => commit),
    ...(untold === null ? {} : { missing: untold }),
  };
}

/**
 * How far before the present commit each measured one of its history lies; null where there is no commit at all. A shallow
 * clone is deepened until every measured commit is found, in it or in the target branch, or there is no more.
 */
export async function distancesFromHead(
  git: Git,
  about: Surroundings,
): Promise<ReadonlyMap<string, number> | null> {
  const head = await git.textOrNull(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === null) return null;
  const { measured } = about;
  const target = (await isShallow(git))
    ? (await targetBranch(git, { ...about, options: about.target })).branch
    : null;
  const tips = [head, ...(target ? [target.tip] : [])];
  const look = () => measuredAncestors(git, [head], measured);
  const { found } = await deepened(git, about, head, target?.name, look, () => areAllIn(git, tips, measured));
  return new Map(found.map(({ commit, distance }) => [commit, distance]));
}

/**
 * Looks, and looks again with more and more history, until it is enough or there is no more; and says what kept it from
 * more.
 */
async function deepened<Found>(
  git: Git,
  { remote, mayFetch }: Surroundings,
  head: string,
  target: string | undefined,
  look: () => Promise<Found>,
  isEnough: (found: Found) => Promise<boolean>,
): Promise<{ readonly found: Found; readonly missing: MissingHistory | null }> {
  let found = await look();
  for (const depth of depths) {
    if (!(await isShallow(git)) || (await isEnough(found))) break;
    if (!mayFetch || remote === null) return { found, missing: { kind: 'notFetched' } };
    const said = await deepen(git, remote, depth, head, target);
    if (said !== null) return { found, missing: { kind: 'fetchFailed', said } };
    found = await look();
  }
  return { found, missing: null };
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
}

/** Whether all of some commits are among the tips and their ancestors. */
async function areAllIn(git: Git, tips: readonly string[], commits: ReadonlySet<string>): Promise<boolean> {
  return (await measuredAncestors(git, tips, commits)).length === commits.size;
}

/** The measured commits among some and their ancestors, nearest first. */
async function measuredAncestors(git: Git, from: readonly string[], measured: ReadonlySet<string>) {
  if (measured.size === 0) return [];
  const listed = await git.textOrNull(['rev-list', `--max-count=${mostAncestors}`, ...from]);
  return (listed ?? '')
    .split('\n')
    .flatMap((commit, distance) => (measured.has(commit) ? [{ commit, distance }] : []));
}

/**
 * Fetches more of a shallow clone's history; what git said where nothing more can be had, else null. A remote may not know
 * the commit, or not give it out: then the target branch alone is asked for.
 */
async function deepen(
  git: Git,
  remote: string,
  depth: string,
  head: string,
  target: string | undefined,
): Promise<string | null> {
  const wanted = target === undefined ? [] : [`+refs/heads/${target}:refs/remotes/${remote}/${target}`];
  const said = await fetchFailure(git, [depth, remote, head, ...wanted]);
  // Asked for nothing, git fetches every branch.
  if (said === null || wanted.length === 0) return said;
  return await fetchFailure(git, [depth, remote, ...wanted]);
}
