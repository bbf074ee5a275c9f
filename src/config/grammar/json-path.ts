import { problem } from '../../model/error.ts';

/*
 *   path    ::= "$" { step }
 *   step    ::= "." name | "[" index "]" | "[" quoted "]"
 *   name    ::= one or more letters of any script, digits, "_", "-"
 *   index   ::= "0" | digit but "0" { digit }
 *   quoted  ::= "'" { character but "'" } "'" | '"' { character but '"' } '"'
 */
const step = /\.([\p{L}\p{N}_-]+)|\[(0|[1-9]\d{0,8})\]|\['([^']*)'\]|\["([^"]*)"\]/uy;

const expected = "a path from the root of the answer, such as $.data[0].id or $['first name']";

/** Reads the way to one value of a JSON answer: member names and list indexes. */
export function parseJsonPath(text: string): readonly (string | number)[] {
  if (!text.startsWith('$')) {
    const meant = /^\.?[\p{L}_]/u.test(text) ? `$.${text.replace(/^\./, '')}` : undefined;
    throw refused(text, isPath(meant) ? meant : undefined);
  }
  const path = read(text);
  if (path === undefined) throw refused(text, repaired(text));
  return path;
}

function read(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    path.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return path;
}

function isPath(text: string | undefined): text is string {
  return text !== undefined && read(text) !== undefined;
}

/** Wildcards, filters and slices pick many values; the first of them is what a capture can hold. */
function repaired(text: string): string | undefined {
  const meant = text
    .replace(/\[\*\]|\.\*|\[\?.*?\]|\[\d*:\d*\]/g, '[0]')
    .replace(/\.(\d+)(?=\.|\[|$)/g, '[$1]');
  return meant !== text && isPath(meant) ? meant : undefined;
}

function refused(text: string, instead: string | undefined) {
  return problem('capture.invalid-path', {
    found: JSON.stringify(text),
    expected,
    ...(instead === undefined ? {} : { instead }),
  });
}
