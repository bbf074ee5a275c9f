import { distance } from 'fastest-levenshtein';
import { type PlimsollError, problem } from '../../model/error.ts';
import type { Git } from './git.ts';

/** The most names among which the meant one is looked for, and how many are shown. */
const mostNames = 2_000;
const shownNames = 3;

/** The commit that a name or an expression means; null where there is none. */
export async function commitOrNull(git: Git, ref: string): Promise<string | null> {
  // Git takes no name that begins with a hyphen, but many a flag; `^HEAD` is what to leave out, not a commit.
  if (!/^[^-^\s]/.test(ref)) return null;
  const dots = ref.search(/(?<=[^.])\.{3}(?=[^.])/);
  if (dots > 0) return await mergeBaseOrNull(git, ref.slice(0, dots), ref.slice(dots + 3));
  const revision = (name: string) =>
    git.textOrNull(['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
  // In two steps: behind an expression such as `:/text` the suffix would be a part of the text.
  const found = await revision(ref);
  return found === null ? null : await revision(`${found}^{commit}`);
}

async function mergeBaseOrNull(git: Git, one: string, other: string): Promise<string | null> {
  const [from, to] = [await commitOrNull(git, one), await commitOrNull(git, other)];
  return from === null || to === null ? null : await git.textOrNull(['merge-base', from, to]);
}

/** The error for a name that git does not know: what it knows instead, and what to fetch where the clone is shallow. */
export async function unknownRef(git: Git, ref: string): Promise<PlimsollError> {
  const isShallow = (await git.textOrNull(['rev-parse', '--is-shallow-repository'])) === 'true';
  const fetch = isShallow
    ? 'git fetch --unshallow, or fetch-depth: 0 of actions/checkout: this clone lacks most of the history'
    : null;
  const start = /^[^~^@]+/.exec(ref)?.[0] ?? '';
  const told = { where: git.cwd, found: JSON.stringify(ref) };
  if (start !== ref && (await commitOrNull(git, start)) !== null) {
    const expected = `a commit; ${start} is one, but it has no ${ref}`;
    return problem('git.unknown-ref', { ...told, expected, ...(fetch === null ? {} : { instead: fetch }) });
  }
  const names = await namesNear(git, start);
  const expected =
    names.length === 0
      ? 'a commit, of which there is none here'
      : `a commit, a branch or a tag, such as ${names.slice(0, shownNames).join(', ')}`;
  const near = names.find(name => isRemote(name, start) || isNear(name, start));
  const instead = near === undefined ? fetch : `${near}${ref.slice(start.length)}`;
  return problem('git.unknown-ref', { ...told, expected, ...(instead === null ? {} : { instead }) });
}

/** Branches, those of remotes and tags: the ones that are spelled most alike first, and of these the youngest. */
async function namesNear(git: Git, name: string): Promise<readonly string[]> {
  const listed = await git.textOrNull([
    'for-each-ref',
    '--sort=-creatordate',
    `--count=${mostNames}`,
    '--format=%(refname:short)',
    'refs/heads',
    'refs/tags',
    'refs/remotes',
  ]);
  const cost = (other: string) => (isRemote(other, name) ? 0 : distance(name, other));
  return (listed ?? '')
    .split('\n')
    .filter(other => other !== '')
    .sort((one, other) => cost(one) - cost(other));
}

/** Whether a name is the same one on a remote, as in a clone that CI made. */
function isRemote(name: string, wanted: string): boolean {
  return wanted !== '' && name.endsWith(`/${wanted}`);
}

/** Two slips, or one in three letters. */
function isNear(name: string, wanted: string): boolean {
  const longer = Math.max(name.length, wanted.length);
  return distance(name, wanted) <= Math.min(longer - 1, Math.max(2, Math.floor(longer / 3)));
}
