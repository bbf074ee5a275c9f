import type { DuetNote } from '../../model/duet/duet-note.ts';
import { problem } from '../../model/error.ts';
import { duetNote } from '../../report/words/duet-note.ts';
import { gitStateOf } from '../../store/git/fingerprint.ts';
import type { BuildsOptions } from './ref-builds.ts';

/** What is needed to tell what is odd about commits. */
interface NotesOptions extends Pick<BuildsOptions, 'cwd' | 'env' | 'onEvent'> {
  /** Whether both sides are one commit on purpose. */
  readonly isItself: boolean;
}

/** What is odd about the commits, by head; refused where the user surely means something else. */
export async function notesOnCommits(
  commits: { readonly [side: string]: string },
  base: string,
  heads: readonly { readonly name: string; readonly ref: string }[],
  { cwd, env, onEvent, isItself }: NotesOptions,
): Promise<ReadonlyMap<string, readonly DuetNote[]>> {
  const state = await gitStateOf(cwd, env);
  const told = new Map<string, readonly DuetNote[]>();
  for (const [index, { name, ref }] of heads.entries()) {
    const commit = commits[name] ?? '';
    const twin = heads.slice(0, index).find(earlier => commits[earlier.name] === commit);
    if (twin !== undefined) {
      throw problem('duet.repeated-head', {
        where: '--head',
        found: `${twin.ref} and ${ref} are both commit ${commit.slice(0, 10)}`,
        expected: 'another commit for each --head',
      });
    }
    const isSame = commits.base === commit && !isItself;
    if (isSame && state?.dirty) {
      throw problem('duet.same-side', {
        where: '--base, --head',
        found: `${base} and ${ref} are both commit ${commit.slice(0, 10)}, and your uncommitted changes are in neither`,
        expected: 'two commits',
        instead:
          'commit the changes, on a branch if you like, or stash them to compare the commit with itself',
      });
    }
    told.set(name, [
      ...(isSame ? ([{ kind: 'sameCommit', commit }] as const) : []),
      ...(state?.dirty ? ([{ kind: 'uncommitted' }] as const) : []),
    ]);
  }
  const sentences = new Set([...told.values()].flat().map(duetNote));
  for (const sentence of sentences) onEvent({ kind: 'note', sentence });
  return told;
}
