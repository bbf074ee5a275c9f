/** Stands in a path for a part that is not known yet. */
export const unknownPart = '\0';

/** Something that is found by its method and path. */
interface Routed {
  readonly method: string;
  /** With `{name}` for what changes: `/pets/{petId}`. */
  readonly path: string;
}

/**
 * Finds what a path belongs to, of templates as descriptions have them; of several the one with the most literal segments. An
 * API may be served below any of the base paths, or without one.
 */
export function pathMatcher<Of extends Routed>(
  all: readonly Of[],
  basePaths: readonly string[],
): (method: string, path: string) => Of | null {
  const bases = [...new Set([...basePaths, ''])].sort((one, other) => other.length - one.length);
  const byShape = new Map<string, { readonly of: Of; readonly segments: readonly Segment[] }[]>();
  for (const of of all) {
    const segments = of.path.split('/').map(segmentOf);
    const shape = `${of.method} ${segments.length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), { of, segments }]);
  }
  const literals = (segments: readonly Segment[]) => segments.filter(({ isOpen }) => !isOpen).length;
  for (const shape of byShape.values())
    shape.sort((one, other) => literals(other.segments) - literals(one.segments));
  return (method, path) => {
    for (const base of bases) {
      if (!path.startsWith(`${base}/`)) continue;
      const parts = path.slice(base.length).split('/');
      const found = byShape
        .get(`${method} ${parts.length}`)
        ?.find(({ segments }) => segments.every((segment, index) => fits(segment, parts[index] ?? '')));
      if (found !== undefined) return found.of;
    }
    return null;
  };
}

interface Segment {
  readonly isOpen: boolean;
  readonly start: string;
  readonly end: string;
}

/** Of `{name}.{type}` only what stands before and behind the braces counts. */
function segmentOf(written: string): Segment {
  const [open, close] = [written.indexOf('{'), written.lastIndexOf('}')];
  if (open < 0 || close < open) return { isOpen: false, start: written, end: '' };
  return { isOpen: true, start: written.slice(0, open), end: written.slice(close + 1) };
}

function fits({ isOpen, start, end }: Segment, part: string): boolean {
  if (!isOpen) return part === start || decoded(part) === start;
  if (part.includes(unknownPart)) return true;
  return part.length > start.length + end.length && part.startsWith(start) && part.endsWith(end);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
