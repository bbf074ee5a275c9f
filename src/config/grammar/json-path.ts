import { createRequire } from 'node:module';
import { problem } from '../../model/error.ts';
import type { JsonPlace } from '../../model/run/scenario.ts';

const require = createRequire(import.meta.url);

/*
 * What leads to one place at most, and needs no parser:
 *
 *   path    ::= "$" { step }
 *   step    ::= "." name | "[" index "]" | "[" quoted "]"
 *   name    ::= one or more letters of any script, digits, "_", "-"
 *   index   ::= "0" | digit but "0" { digit }
 *   quoted  ::= "'" { character but "'" and "\\" } "'" | '"' { character but '"' and "\\" } '"'
 */
const step = /\.([\p{L}\p{N}_-]+)|\[(0|[1-9]\d{0,8})\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/uy;

const expected =
  "a JSONPath from the root of the answer, such as $.data[0].id, $['first name'] or $.items[?@.open].id";

/** Reads the way to a value of a JSON answer: member names and list indexes, or any other query of RFC 9535. */
export function parseJsonPath(text: string): JsonPlace {
  if (!text.startsWith('$')) {
    const meant = /^\.?[\p{L}_]/u.test(text) ? `$.${text.replace(/^\./, '')}` : undefined;
    throw refused(text, expected, meant !== undefined && read(meant) !== undefined ? meant : undefined);
  }
  const path = read(text);
  return path === undefined ? { query: checked(text) } : { path };
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

/** A query that is none of RFC 9535, or that an answer could make take without end, is `capture.invalid-path`. */
function checked(text: string): string {
  const { default: parse } = require('jsonpath-rfc9535/parser') as typeof import('jsonpath-rfc9535/parser');
  let query: unknown;
  try {
    query = parse(text);
  } catch {
    throw refused(text, expected, repaired(text));
  }
  if (partsOf(query, ({ type }) => type === 'DescendantSegment') > 1) {
    throw refused(text, 'at most one .. in a path: with two, a large answer takes too long');
  }
  if (
    partsOf(query, ({ type, name }) => type === 'FunctionExpr' && /^(?:match|search)$/.test(String(name))) > 0
  ) {
    throw refused(
      text,
      'no match() and search(), which an answer can make slow',
      '{ json: PATH, match: PATTERN }',
    );
  }
  const filters = (query as Node).segments;
  if (partsOf(filters, ({ type }) => type === 'JsonPathQuery') > 0) {
    throw refused(text, 'within a filter, a path from @, or one from $ to a single value');
  }
  return text;
}

type Node = { readonly [key: string]: unknown };

/** How many parts of a parsed query are of a kind. */
function partsOf(part: unknown, isOfKind: (node: Node) => boolean): number {
  if (typeof part !== 'object' || part === null) return 0;
  const own = !Array.isArray(part) && isOfKind(part as Node) ? 1 : 0;
  return Object.values(part).reduce<number>((sum, inner) => sum + partsOf(inner, isOfKind), own);
}

/** A list index behind a dot is common. */
function repaired(text: string): string | undefined {
  const meant = text.replace(/\.(\d+)(?=\.|\[|$)/g, '[$1]').replace(/\.$/, '');
  return meant !== text && read(meant) !== undefined ? meant : undefined;
}

function refused(text: string, what: string, instead?: string) {
  return problem('capture.invalid-path', {
    found: JSON.stringify(text),
    expected: what,
    ...(instead === undefined ? {} : { instead }),
  });
}
