import { type Difference, differences } from '../../config/source/differences.ts';
import { documentAt, readDocument } from '../../config/source/document.ts';
import { formatPath, type Path, type SourceDocument } from '../../config/source/place.ts';
import { PlimsollError } from '../../model/error.ts';
import type { GateChange } from '../../model/gate.ts';
import { boundedText } from '../../safety/untrusted-text.ts';
import type { CommitFiles } from '../../store/git/commit-files.ts';

/** How much of a value is shown. */
const longestValue = 80;
/** How much of the place of a value is shown. */
const longestPath = 160;
/** More changes of a file than these are only said to be there. */
const mostChanges = 60;

/** Whose word stands at a place. */
type Standing = (path: Path) => GateChange['stands'];

/**
 * How a file differs from that of the base, which may have another path there, value by value; as a whole where it is new,
 * gone, or cannot be read. Of what is `isOptional`, no file says as much as an empty one.
 */
export async function changedValues(
  files: CommitFiles,
  { base: from, head: to }: { readonly base: string; readonly head: string | null },
  {
    cwd,
    stands,
    isOptional = false,
  }: { readonly cwd: string; readonly stands: Standing; readonly isOptional?: boolean },
): Promise<readonly GateChange[]> {
  // What lies outside of the repository is nobody's to change in it.
  if (!files.holds(from)) return [];
  const bytes = await files.read(from);
  const base = bytes && (await readable(documentAt(bytes, from, files.shown(from))));
  const head = to === null ? null : await readable(readDocument(to, cwd));
  const file = to ?? from;
  const moved: readonly GateChange[] =
    to === null || to === from ? [] : [{ kind: 'moved', file: from, to, stands: stands([]) }];
  if (base !== null && head !== null) {
    return [...moved, ...valueChanges(file, differences(base.value, head.value), stands)];
  }
  if (base === null && head === null) return [];
  if (isOptional) return valueChanges(file, differences(base?.value ?? {}, head?.value ?? {}), stands);
  const how = head === null ? 'removed' : bytes === null ? 'added' : 'changed';
  return [{ kind: 'file', file, how, stands: stands([]) }];
}

/** Differences as changes of a file; `isHidden` says where a value may be a secret. */
export function valueChanges(
  file: string,
  found: readonly Difference[],
  stands: Standing,
  isHidden: (difference: Difference) => boolean = ({ path }) => path[0] === 'serve',
): readonly GateChange[] {
  const told = found.filter(({ path }) => path[0] !== '$schema');
  const changes = told.slice(0, mostChanges).map(
    (difference): GateChange => ({
      kind: 'value',
      file,
      path: boundedText(formatPath(difference.path), longestPath),
      values: isHidden(difference) ? null : { base: shown(difference.base), head: shown(difference.head) },
      stands: stands(difference.path),
    }),
  );
  const rest = [...new Set(told.slice(mostChanges).map(({ path }) => stands(path)))];
  return [...changes, ...rest.map(of => ({ kind: 'file', file, how: 'changed', stands: of }) as const)];
}

function shown(value: unknown): string | null {
  return value === undefined ? null : boundedText(JSON.stringify(value), longestValue);
}

/** Null where there is no such file, or none that can be read: whoever needs it says what is wrong with it. */
export async function readable(reading: Promise<SourceDocument | null>): Promise<SourceDocument | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}

/** A change whose values went through `clean`, which takes secrets out. */
export function cleaned(change: GateChange, clean: (text: string) => string): GateChange {
  if (change.kind !== 'value' || change.values === null) return change;
  const { base, head } = change.values;
  return { ...change, values: { base: base && clean(base), head: head && clean(head) } };
}
