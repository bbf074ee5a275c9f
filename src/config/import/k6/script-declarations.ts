import { nodeIn, nodesIn, type ParsedScript, type ScriptNode } from './script-syntax.ts';

/** What stands at the top of a script. */
interface ScriptDeclarations {
  /** Local names of what modules export. */
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  readonly exports: ReadonlyMap<string, ScriptNode>;
  readonly functions: ReadonlyMap<string, ScriptNode>;
  /** What values are initialised with. */
  readonly values: ReadonlyMap<string, ScriptNode>;
}

/** Reads the declarations at the top of a script. */
export function declarationsOf({ body }: ParsedScript): ScriptDeclarations {
  const imports = new Map<string, { readonly from: string; readonly name: string }>();
  const exports = new Map<string, ScriptNode>();
  const functions = new Map<string, ScriptNode>();
  const values = new Map<string, ScriptNode>();
  for (const statement of body) {
    if (statement.type === 'ImportDeclaration') {
      const from = String(nodeIn(statement, 'source')?.value);
      for (const one of nodesIn(statement, 'specifiers')) {
        const imported = nodeIn(one, 'imported');
        const local = String(nodeIn(one, 'local')?.name);
        imports.set(local, { from, name: imported === null ? 'default' : String(imported.name) });
      }
      continue;
    }
    const isDefault = statement.type === 'ExportDefaultDeclaration';
    const isExported = isDefault || statement.type === 'ExportNamedDeclaration';
    const declaration = isExported ? nodeIn(statement, 'declaration') : statement;
    if (isDefault && declaration !== null) exports.set('default', declaration);
    if (declaration?.type === 'FunctionDeclaration') {
      const name = String(nodeIn(declaration, 'id')?.name);
      functions.set(name, declaration);
      if (isExported) exports.set(name, declaration);
    }
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const one of nodesIn(declaration, 'declarations')) {
      const [id, init] = [nodeIn(one, 'id'), nodeIn(one, 'init')];
      if (id?.type !== 'Identifier' || init === null) continue;
      values.set(String(id.name), init);
      if (isExported) exports.set(String(id.name), init);
    }
  }
  for (const [name, node] of exports) {
    const known =
      node.type === 'Identifier' ? (functions.get(String(node.name)) ?? values.get(String(node.name))) : null;
    if (known) exports.set(name, known);
  }
  return { imports, exports, functions, values };
}
