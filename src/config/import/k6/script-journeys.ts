import type { Omissions } from '../form/omissions.ts';
import { AnswerJson, jsonAt } from './script-answers.ts';
import { OpenedFile, ScriptCalls } from './script-calls.ts';
import { declarationsOf } from './script-declarations.ts';
import type { ScriptStep } from './script-flow.ts';
import { roundsOf } from './script-loops.ts';
import {
  assignedIn,
  dotted,
  nodeIn,
  nodesIn,
  type ParsedScript,
  propertyName,
  type ScriptNode,
} from './script-syntax.ts';
import { NotCarried, ScriptFunction, ScriptRows, ScriptScope, ScriptValues } from './script-values.ts';

/** Files of rows that a script reads. */
export interface ScriptData {
  readonly name: string;
  readonly file: string;
}

/** Functions call each other so deep at most, and loops are written out so often. */
const [deepest, mostRounds] = [10, 20];
/** Of a script that makes more, or that loops and calls until it never ends, the rest is left out. */
const [mostSteps, mostStatements] = [1_000, 100_000];

/** Reads what the functions of a script send, without running it. */
export class ScriptJourneys {
  readonly #script: ParsedScript;
  readonly #omissions: Omissions;
  readonly #values: ScriptValues;
  readonly #scope = new ScriptScope();
  readonly #exports: ReadonlyMap<string, ScriptNode>;
  readonly #files = new Map<string, string>();
  readonly #usedFiles = new Set<string>();
  readonly #steps: ScriptStep[] = [];
  readonly #taken = new Set<string>();
  #depth = 0;
  #made = 0;

  constructor(script: ParsedScript, omissions: Omissions) {
    const { imports, exports, functions, values } = declarationsOf(script);
    this.#exports = exports;
    this.#script = script;
    this.#omissions = omissions;
    this.#values = new ScriptValues(
      (node, scope) => calls.of(node, scope),
      rows => this.#usedFiles.add(rows.name),
    );
    const calls = new ScriptCalls({
      ...{ script, omissions, imports, steps: this.#steps, taken: this.#taken },
      values: this.#values,
      value: (node, scope) => this.#value(node, scope),
      body: (node, given, scope) => this.#body(node, given, scope),
      at: node => this.#at(node),
    });
    for (const [name, node] of functions) this.#scope.set(name, new ScriptFunction(node, this.#scope));
    for (const name of ['setup', 'teardown']) {
      const node = exports.get(name);
      if (node !== undefined)
        omissions.add(this.#at(node, name), 'as functions that run once (write setup: or teardown:)');
    }
    // What nothing refers to need not be known.
    for (const [name, init] of values) this.#known(name, init, this.#scope);
  }

  /** The options that the script exports. */
  options(): unknown {
    const node = this.#exports.get('options');
    if (node === undefined) return {};
    try {
      return this.#values.of(node, this.#scope);
    } catch (error) {
      this.#omit(error, node);
      return {};
    }
  }

  /** What the exported function of this name does; null where there is none. */
  steps(name: string): readonly ScriptStep[] | null {
    const node = this.#exports.get(name);
    if (node === undefined) return null;
    this.#steps.length = 0;
    this.#taken.clear();
    this.#body(node, [], this.#scope);
    return [...this.#steps];
  }

  /** Files that rows were taken from. */
  get data(): readonly ScriptData[] {
    return [...this.#usedFiles].flatMap(name => {
      const file = this.#files.get(name);
      return file === undefined ? [] : [{ name, file }];
    });
  }

  #known(name: string, init: ScriptNode, scope: ScriptScope): void {
    try {
      const value = this.#values.of(init, scope);
      if (value instanceof OpenedFile) this.#files.set(name, value.file);
      scope.set(name, value instanceof OpenedFile ? new ScriptRows(name) : value);
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error;
    }
  }

  /** Makes the steps of a function's body; answers what it returns. */
  #body(node: ScriptNode, given: readonly unknown[], outer: ScriptScope): unknown {
    if (this.#depth >= deepest)
      throw new NotCarried(node, `since functions call each other more than ${deepest} deep in`);
    const scope = new ScriptScope(outer);
    for (const [index, parameter] of nodesIn(node, 'params').entries()) {
      if (parameter.type === 'Identifier' && given[index] !== undefined)
        scope.set(String(parameter.name), given[index]);
    }
    const body = nodeIn(node, 'body');
    if (body === null) return undefined;
    this.#depth += 1;
    try {
      return body.type === 'BlockStatement'
        ? this.#statements(nodesIn(body, 'body'), scope)
        : this.#value(body, scope);
    } finally {
      this.#depth -= 1;
    }
  }

  #statements(statements: readonly ScriptNode[], scope: ScriptScope): unknown {
    for (const statement of statements) {
      if (statement.type === 'FunctionDeclaration')
        scope.set(String(nodeIn(statement, 'id')?.name), new ScriptFunction(statement, scope));
    }
    for (const statement of statements) {
      this.#made += 1;
      if (this.#made > mostStatements || this.#steps.length >= mostSteps) {
        this.#omissions.add(this.#at(statement), 'since the script makes too much before');
        return undefined;
      }
      try {
        if (statement.type === 'ReturnStatement') return this.#value(nodeIn(statement, 'argument'), scope);
        this.#statement(statement, scope);
      } catch (error) {
        this.#omit(error, statement);
        for (const name of assignedIn(statement)) scope.assign(name, undefined);
      }
    }
    return undefined;
  }

  #statement(statement: ScriptNode, scope: ScriptScope): void {
    switch (statement.type) {
      case 'ExpressionStatement': {
        const expression = nodeIn(statement, 'expression');
        const target = expression?.type === 'AssignmentExpression' ? nodeIn(expression, 'left') : null;
        if (
          expression?.type === 'AssignmentExpression' &&
          target?.type === 'Identifier' &&
          expression.operator === '='
        )
          this.#assign(String(target.name), nodeIn(expression, 'right'), scope);
        else if (!this.#isLogging(expression)) this.#value(expression, scope);
        return;
      }
      case 'VariableDeclaration':
        for (const one of nodesIn(statement, 'declarations')) {
          const [id, init] = [nodeIn(one, 'id'), nodeIn(one, 'init')];
          if (id?.type === 'Identifier') scope.set(String(id.name), undefined);
          if (init === null) continue;
          if (id?.type === 'Identifier') this.#assign(String(id.name), init, scope);
          else if (id?.type === 'ObjectPattern') this.#destructured(id, this.#value(init, scope), scope);
        }
        return;
      case 'BlockStatement':
        this.#statements(nodesIn(statement, 'body'), new ScriptScope(scope));
        return;
      case 'ForOfStatement': {
        const all = this.#value(nodeIn(statement, 'right'), scope);
        const [declared] = nodesIn(nodeIn(statement, 'left') ?? statement, 'declarations');
        const id = declared && nodeIn(declared, 'id');
        if (!Array.isArray(all) || all.length > mostRounds || id?.type !== 'Identifier') break;
        for (const item of all) {
          const round = new ScriptScope(scope);
          round.set(String(id.name), item);
          this.#statements([nodeIn(statement, 'body') ?? statement], round);
        }
        return;
      }
      case 'ForStatement': {
        const rounds = roundsOf(statement, node => this.#value(node, scope), mostRounds);
        if (rounds === null) break;
        for (const item of rounds.values) {
          const round = new ScriptScope(scope);
          round.set(rounds.name, item);
          this.#statements([nodeIn(statement, 'body') ?? statement], round);
        }
        return;
      }
      case 'EmptyStatement':
      case 'FunctionDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
        return;
    }
    throw new NotCarried(statement, 'as statements that do not map');
  }

  /** Where nothing is known of the value, nothing is known of what has the name. */
  #assign(name: string, node: ScriptNode | null, scope: ScriptScope): void {
    try {
      scope.assign(name, this.#value(node, scope));
    } catch (error) {
      scope.assign(name, undefined);
      throw error;
    }
  }

  /** `const { token } = res.json()`. */
  #destructured(pattern: ScriptNode, value: unknown, scope: ScriptScope): void {
    for (const property of nodesIn(pattern, 'properties')) {
      const [name, local] = [propertyName(property), nodeIn(property, 'value')];
      if (value instanceof AnswerJson && name !== null && local?.type === 'Identifier')
        scope.set(
          String(local.name),
          jsonAt(value.answer, `${value.path.slice(2)}.${name}`.replace(/^\./, '')),
        );
    }
  }

  #value(node: ScriptNode | null, scope: ScriptScope): unknown {
    return this.#values.of(node, scope);
  }

  #isLogging(node: ScriptNode | null): boolean {
    const path = node && dotted(nodeIn(node, 'callee'));
    return path?.[0] === 'console';
  }

  #omit(error: unknown, statement: ScriptNode): void {
    if (!(error instanceof NotCarried)) throw error;
    this.#omissions.add(this.#at(statement), error.message);
  }

  #at(node: ScriptNode, text = this.#script.textOf(node)): string {
    return `line ${this.#script.lineOf(node)}: ${text}`;
  }
}
