import { type Comment, type ExportNamedDeclaration, type Program, parseSync } from 'oxc-parser';

/** One way in which a file names another module. */
export interface Reference {
  /** What is written between the quotes; null where it is computed and cannot be read. */
  readonly specifier: string | null;
  /** A `url` is `new URL('./x', import.meta.url)`; a `prefix` is the readable start of a computed one. */
  readonly kind: 'import' | 'dynamic' | 'url' | 'prefix';
  readonly line: number;
}

/** An exported declaration and the doc comment directly above it. */
export interface Exported {
  readonly name: string;
  readonly doc: string | null;
  readonly line: number;
}

/** A regular expression as it is written. */
export interface WrittenExpression {
  readonly source: string;
  readonly flags: string;
  readonly line: number;
}

/** What the rules need to know of one source file. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly errors: readonly string[];
  readonly references: readonly Reference[];
  readonly exports: readonly Exported[];
  readonly expressions: readonly WrittenExpression[];
  /** The text of every string and template; what a template puts in is an ellipsis. */
  readonly literals: readonly { readonly text: string; readonly line: number }[];
  /** Lines of top-level statements that do anything but re-export names from elsewhere. */
  readonly logic: readonly number[];
}

type Node = { readonly type: string; readonly start: number } & { readonly [key: string]: unknown };

/** Reads one file; `path` decides the dialect and is kept as given. */
export function readSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const constants = new Map<unknown, Node>();
  walk(program as unknown as Node, node => {
    if (node.type === 'VariableDeclaration' && node.kind === 'const') {
      for (const { id, init } of node.declarations as readonly { id: Node; init: Node | null }[]) {
        if (init && id.name !== undefined) constants.set(id.name, init);
      }
    }
  });
  const references: Reference[] = [];
  const literals: { readonly text: string; readonly line: number }[] = [];
  const expressions: WrittenExpression[] = [];
  walk(program as unknown as Node, node => {
    const literal = literalOf(node);
    if (literal !== null) literals.push({ text: literal, line: lineOf(node.start) });
    const regex =
      node.type === 'Literal' ? (node.regex as { pattern: string; flags: string } | undefined) : undefined;
    if (regex) expressions.push({ source: regex.pattern, flags: regex.flags, line: lineOf(node.start) });
    for (const { specifier, kind } of referencesOf(node, constants)) {
      references.push({ specifier, kind, line: lineOf(node.start) });
    }
  });
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    errors: errors.map(error => error.message),
    references,
    expressions,
    literals,
    exports: exportsOf(program, comments, text, lineOf),
    logic: program.body
      .filter(statement => !(statement.type === 'ExportNamedDeclaration' && statement.source !== null))
      .map(statement => lineOf(statement.start)),
  };
}

function literalOf(node: Node): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return null;
  const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.map(({ value }) => value.cooked).join('…');
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function referencesOf(node: Node, constants: ReadonlyMap<unknown, Node>): readonly Omit<Reference, 'line'>[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'TSImportType':
      return isNode(node.source) ? written(node.source, 'import', constants) : [];
    case 'TSExternalModuleReference':
      return written(node.expression as Node, 'import', constants);
    case 'ImportExpression':
      return written(node.source as Node, 'dynamic', constants);
    case 'CallExpression': {
      const callee = node.callee as Node;
      const [first] = node.arguments as readonly Node[];
      const isRequire = callee.type === 'Identifier' && callee.name === 'require';
      return first && (isRequire || isMetaProperty(callee, 'resolve'))
        ? written(first, 'dynamic', constants)
        : [];
    }
    case 'NewExpression': {
      const callee = node.callee as Node;
      const [first, second] = node.arguments as readonly Node[];
      if (callee.name !== 'URL' || !first || !second || !isMetaProperty(second, 'url')) return [];
      return written(first, 'url', constants);
    }
    default:
      return [];
  }
}

function isMetaProperty(node: Node, name: string): boolean {
  const object = node.object as Node | undefined;
  return (
    node.type === 'MemberExpression' &&
    object?.type === 'MetaProperty' &&
    (node.property as Node).name === name
  );
}

/** The specifiers that an expression can stand for: a literal, a constant, either side of a choice, a template's start. */
function written(
  node: Node,
  kind: 'import' | 'dynamic' | 'url',
  constants: ReadonlyMap<unknown, Node>,
): readonly Omit<Reference, 'line'>[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [{ specifier: node.value, kind }];
  if (node.type === 'ConditionalExpression') {
    const sides = [node.consequent as Node, node.alternate as Node];
    return sides.flatMap(side => written(side, kind, constants));
  }
  const constant = node.type === 'Identifier' ? constants.get(node.name) : undefined;
  if (constant && constant.type !== 'Identifier') return written(constant, kind, constants);
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[];
    const start = quasis[0]?.value.cooked ?? '';
    if (quasis.length === 1) return [{ specifier: start, kind }];
    return [start.includes('/') ? { specifier: start, kind: 'prefix' } : { specifier: null, kind }];
  }
  return [{ specifier: null, kind }];
}

function exportsOf(
  program: Program,
  comments: readonly Comment[],
  text: string,
  lineOf: (offset: number) => number,
): readonly Exported[] {
  const found: Exported[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      found.push({ name: 'default', doc: null, line: lineOf(statement.start) });
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source !== null) continue;
    const doc = docAbove(statement.start, comments, text);
    for (const name of declaredNames(statement)) {
      const isOverload = found.at(-1)?.name === name;
      if (!isOverload) found.push({ name, doc, line: lineOf(statement.start) });
    }
    for (const { local } of statement.specifiers) {
      const name = 'name' in local ? local.name : local.value;
      const declaration = program.body.find(other => namesIn(other as unknown as Node).includes(name));
      const at = declaration?.start ?? statement.start;
      found.push({ name, doc: docAbove(at, comments, text), line: lineOf(at) });
    }
  }
  return found;
}

function declaredNames(statement: ExportNamedDeclaration): readonly string[] {
  return statement.declaration === null ? [] : namesIn(statement.declaration as unknown as Node);
}

function namesIn(declaration: Node): readonly string[] {
  if (declaration.type === 'VariableDeclaration') {
    return (declaration.declarations as readonly { readonly id: { readonly name?: string } }[]).map(
      ({ id }) => id.name ?? '(a pattern)',
    );
  }
  const id = declaration.id as { readonly name?: string } | null | undefined;
  return id?.name === undefined ? [] : [id.name];
}

/** The text of the doc comment directly above an offset: only line comments may stand between. */
function docAbove(offset: number, comments: readonly Comment[], text: string): string | null {
  const above = comments.filter(comment => comment.end <= offset);
  let below = offset;
  for (const comment of above.toReversed()) {
    if (!/^[ \t]*\n?[ \t]*$/.test(text.slice(comment.end, below))) return null;
    if (comment.type === 'Block') {
      return comment.value.startsWith('*') ? comment.value.replace(/^[ \t]*\*+/gm, '').trim() : null;
    }
    below = comment.start;
  }
  return null;
}
