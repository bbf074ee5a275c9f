import { problem } from '../../../model/error.ts';

/** A node of a script's syntax tree, as ESTree has it. */
export interface ScriptNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** A parsed script. */
export interface ParsedScript {
  readonly body: readonly ScriptNode[];
  /** The line of a node, from 1. */
  readonly lineOf: (node: ScriptNode) => number;
  /** The first few words of a node. */
  readonly textOf: (node: ScriptNode) => string;
}

/** Parses a script of JavaScript or TypeScript; it is never run. */
export async function parseScript(text: string, shown: string): Promise<ParsedScript> {
  const { parseSync } = await import('oxc-parser').catch(cause => {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw problem(
      'import.not-installed',
      {
        where: '--k6',
        found: 'no package oxc-parser beside Plimsoll, which reads scripts',
        instead: 'npm install --save-dev oxc-parser',
      },
      { cause },
    );
  });
  const { program, errors } = parseSync('script.ts', text, { lang: 'ts', sourceType: 'module' });
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const [first] = errors;
  if (first !== undefined) {
    const at = first.labels[0]?.start;
    const where = at === undefined ? shown : `${shown}:${lineAt(at)}`;
    throw problem('file.syntax', {
      where,
      found: first.message,
      expected: 'a script of JavaScript or TypeScript',
    });
  }
  return {
    body: program.body as unknown as readonly ScriptNode[],
    lineOf: node => lineAt(node.start),
    textOf: ({ start, end }) => text.slice(start, Math.min(end, start + 50)).replace(/\s*\n.*$/s, ''),
  };
}

/** A member of a node that is a node, without what TypeScript says of its type, parentheses and `await`. */
export function nodeIn(node: ScriptNode, member: string): ScriptNode | null {
  const value = node[member];
  return typeof value === 'object' && value !== null && 'type' in value ? bare(value as ScriptNode) : null;
}

/** A member of a node that is a list of nodes. */
export function nodesIn(node: ScriptNode, member: string): readonly ScriptNode[] {
  const value = node[member];
  return Array.isArray(value) ? value.filter(one => one !== null).map(one => bare(one as ScriptNode)) : [];
}

const wrappers = [
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
  'ChainExpression',
];

function bare(node: ScriptNode): ScriptNode {
  let inner = node;
  for (;;) {
    const wrapped = wrappers.includes(inner.type)
      ? inner.expression
      : inner.type === 'AwaitExpression'
        ? inner.argument
        : undefined;
    if (wrapped === undefined) return inner;
    inner = wrapped as ScriptNode;
  }
}

/** The names of a path such as `exec.vu.idInTest`; null of anything else. */
export function dotted(node: ScriptNode | null): readonly string[] | null {
  if (node === null) return null;
  if (node.type === 'Identifier') return [String(node.name)];
  if (node.type !== 'MemberExpression') return null;
  const object = dotted(nodeIn(node, 'object'));
  const name = propertyName(node);
  return object === null || name === null ? null : [...object, name];
}

/** The name behind the dot, or the text in the brackets; null where it is computed otherwise. */
export function propertyName(node: ScriptNode): string | null {
  const property = nodeIn(node, node.type === 'Property' ? 'key' : 'property');
  if (property?.type === 'Literal') return String(property.value);
  return property?.type === 'Identifier' && node.computed !== true ? String(property.name) : null;
}

/** The names that something in a node gets another value for. */
export function assignedIn(node: ScriptNode): readonly string[] {
  const names: string[] = [];
  const open: unknown[] = [node];
  for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
    if (typeof inner !== 'object' || inner === null) continue;
    const { type, left, argument } = inner as { readonly [member: string]: unknown };
    const target = type === 'AssignmentExpression' ? left : type === 'UpdateExpression' ? argument : null;
    const name = target === null ? null : (target as { readonly name?: unknown }).name;
    if (typeof name === 'string') names.push(name);
    open.push(...Object.values(inner));
  }
  return names;
}
