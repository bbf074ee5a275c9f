/** A piece of text that may hold variables. */
export type VariablePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'variable';
      readonly written: string;
      readonly name: string;
      /** What stands in its place where it is not set, or empty; null without a default. */
      readonly fallback: readonly VariablePart[] | null;
    }
  | { readonly kind: 'malformed'; readonly written: string };

/*
 *   text      ::= { character | "$${" | variable }        "$${" stands for "${" itself
 *   variable  ::= "${" name [ ":-" default ] "}"
 *   name      ::= ( letter | "_" ) { letter | digit | "_" }
 *   default   ::= { character but "}" | "$${" | variable }
 */
/** A default within a default within a default is enough for anyone; more is a mistake, and would exhaust the stack. */
const deepest = 20;
const start = /\$?\$\{/g;
const opening = /\$\{([A-Za-z_]\w*)(?::-|(?=\}))/y;

/** Reads a text with `${NAME}` and `${NAME:-default}` in it; a default may hold variables itself. */
export function variablesIn(source: string): readonly VariablePart[] {
  return read(source, 0, 0).parts;
}

/** Reads to the end, or, in a default of some depth, to its `}`; `end` is -1 where that is missing. */
function read(source: string, from: number, depth: number): { parts: VariablePart[]; end: number } {
  const isDefault = depth > 0;
  const parts: VariablePart[] = [];
  let at = from;
  while (at < source.length) {
    start.lastIndex = at;
    const match = start.exec(source);
    const close = isDefault ? source.indexOf('}', at) : -1;
    const next = match?.index ?? source.length;
    if (close >= 0 && close < next) return { parts: withText(parts, source.slice(at, close)), end: close };
    withText(parts, source.slice(at, next));
    if (match === null) break;
    at = match[0].length === 3 ? next + 3 : readVariable(source, next, parts, depth + 1);
    if (match[0].length === 3) withText(parts, '${');
  }
  return { parts, end: isDefault ? -1 : source.length };
}

/** Reads one variable into the parts; answers the offset behind it. */
function readVariable(source: string, at: number, parts: VariablePart[], depth: number): number {
  opening.lastIndex = at;
  const [begun = '', name] = opening.exec(source) ?? [];
  const inside = at + begun.length;
  const hasDefault = begun.endsWith(':-');
  const { parts: fallback, end } =
    name === undefined || depth > deepest
      ? { parts: null, end: -1 }
      : hasDefault
        ? read(source, inside, depth)
        : { parts: null, end: inside };
  if (end < 0 || name === undefined) {
    const close = source.indexOf('}', at);
    const after = close < 0 || name !== undefined ? source.length : close + 1;
    parts.push({ kind: 'malformed', written: source.slice(at, after) });
    return after;
  }
  parts.push({ kind: 'variable', written: source.slice(at, end + 1), name, fallback });
  return end + 1;
}

function withText(parts: VariablePart[], text: string): VariablePart[] {
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}
