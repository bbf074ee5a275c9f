import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { problem } from '../../model/error.ts';
import { exactNumber } from './number-text.ts';
import { type Path, type Position, placeInFile, type SourceDocument } from './place.ts';

/** Deeper nesting has no use, and would exhaust the stack of whatever walks through it. */
const maxDepth = 500;

/** Reads a JSON document as JSON.parse does, with line and column in errors; a key written twice is one. */
export function readJson(text: string, file: string): SourceDocument {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  let value: unknown;
  const fail = (offset: number | undefined, found: string, cause?: unknown) =>
    problem(
      'file.syntax',
      { where: placeInFile(file, offset === undefined ? undefined : positionOf(text, offset)), found },
      { cause },
    );
  const deep = tooDeep(text);
  if (deep !== undefined) throw fail(deep, `lists or objects nested more than ${maxDepth} deep`);
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    if (errors.length === 0 && text.trim() !== '') value = JSON.parse(text);
  } catch (cause) {
    throw fail(undefined, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const [mistake] = errors;
  if (mistake !== undefined && text.trim() !== '') throw fail(mistake.offset, inWords(mistake));
  const key = root === undefined ? undefined : unusableKey(root);
  if (key !== undefined) throw fail(key.offset, key.found);
  return {
    file,
    value,
    locate: path => (root === undefined ? undefined : locate(root, path, text)),
    exactNumber: path => (root === undefined ? undefined : exactNumberAt(root, path, text)),
  };
}

/** Where a text is nested too deeply: strings apart, each bracket counts. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > maxDepth) return index;
  }
  return undefined;
}

function locate(root: Node, path: Path, text: string): Position | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) {
      const named = node.parent?.type === 'property' ? node.parent : node;
      return positionOf(text, named.offset);
    }
  }
  return undefined;
}

function exactNumberAt(root: Node, path: Path, text: string): string | undefined {
  const node = findNodeAtLocation(root, [...path]);
  if (node?.type !== 'number') return undefined;
  return exactNumber(text.slice(node.offset, node.offset + node.length), Number(node.value));
}

function unusableKey(node: Node): { offset: number; found: string } | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = child.type === 'property' ? child.children?.[0] : undefined;
    if (key !== undefined) {
      if (seen.has(key.value))
        return { offset: key.offset, found: `the key ${JSON.stringify(key.value)} a second time` };
      if (key.value === '__proto__') return { offset: key.offset, found: 'the key __proto__' };
      seen.add(key.value);
    }
    const below = unusableKey(child);
    if (below !== undefined) return below;
  }
  return undefined;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const words: { readonly [code: string]: string } = {
  InvalidSymbol: 'a word that is not JSON (strings stand in double quotes)',
  InvalidNumberFormat: 'a number that is not JSON',
  PropertyNameExpected: 'no key in double quotes (or a comma too many)',
  ValueExpected: 'no value (or a comma too many)',
  ColonExpected: 'no colon after the key',
  CommaExpected: 'no comma between two entries',
  CloseBraceExpected: 'no closing }',
  CloseBracketExpected: 'no closing ]',
  EndOfFileExpected: 'text after the end of the document',
  InvalidCommentToken: 'a comment, which JSON does not have',
  UnexpectedEndOfString: 'a string without its closing quote',
  InvalidCharacter: 'a character that must be escaped',
};

function inWords({ error }: ParseError): string {
  const code = printParseErrorCode(error);
  return words[code] ?? code;
}
