import type { ImportedExpectation, ImportedTest } from '../form/imported.ts';
import { AnswerValue, jsonAt, type ScriptAnswer } from './script-answers.ts';
import { nodeIn, nodesIn, propertyName, type ScriptNode } from './script-syntax.ts';
import type { ScriptScope } from './script-values.ts';

type Headers = ImportedExpectation['headers'][number];
type Json = ImportedExpectation['json'][number];

const comparisons: { readonly [operator: string]: ImportedTest['is'] } = {
  '===': 'equals',
  '==': 'equals',
  '!==': 'not',
  '!=': 'not',
  '>': 'above',
  '<': 'below',
  '>=': 'atLeast',
  '<=': 'atMost',
};
const finals = Array.from({ length: 400 }, (_, index) => 200 + index);
/** It keeps no notes: what is checked is not captured. */
const looked: ScriptAnswer = { capture: (_, name) => ({ name, path: '$' }) };

/** Gathers what the checks of one answer expect. */
export class AnswerExpectation {
  #statuses: readonly number[] = finals;
  #body: ImportedTest | null = null;
  readonly #headers: Headers[] = [];
  readonly #json: Json[] = [];

  /** Null where nothing is expected. */
  get expectation(): ImportedExpectation | undefined {
    const isAny = this.#statuses.length === finals.length || this.#statuses.length === 0;
    if (isAny && this.#body === null && this.#headers.length === 0 && this.#json.length === 0)
      return undefined;
    return {
      statuses: isAny ? [] : this.#statuses,
      headers: this.#headers,
      body: this.#body,
      json: this.#json,
    };
  }

  /** Takes a condition on the answer that is called `name`; answers whether it can be carried over, as a whole. */
  take(condition: ScriptNode, name: string, scope: ScriptScope): boolean {
    const inner = new Looking(name, scope);
    const found = inner.condition(condition);
    if (found === null) return false;
    for (const one of found) {
      if ('statuses' in one) this.#statuses = this.#statuses.filter(status => one.statuses.includes(status));
      else if ('header' in one) this.#headers.push({ name: one.header, test: one.test });
      else if ('path' in one) this.#json.push({ path: one.path, test: one.test });
      else this.#body = one.test;
    }
    return true;
  }
}

type Found =
  | { readonly statuses: readonly number[] }
  | { readonly header: string; readonly test: ImportedTest }
  | { readonly path: string; readonly test: ImportedTest }
  | { readonly test: ImportedTest };

/** What part of an answer an expression is. */
type Part = { readonly of: 'status' | 'body' } | { readonly header: string } | { readonly path: string };

class Looking {
  readonly #name: string;
  readonly #scope: ScriptScope;

  constructor(name: string, scope: ScriptScope) {
    this.#name = name;
    this.#scope = scope;
  }

  condition(node: ScriptNode): readonly Found[] | null {
    const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
    if (node.type === 'LogicalExpression' && left !== null && right !== null) {
      const [one, other] = [this.condition(left), this.condition(right)];
      if (one === null || other === null) return null;
      if (node.operator === '&&') return [...one, ...other];
      const [a, b] = [one[0], other[0]];
      const isStatus = one.length === 1 && other.length === 1 && a && b && 'statuses' in a && 'statuses' in b;
      return isStatus && node.operator === '||' ? [{ statuses: [...a.statuses, ...b.statuses] }] : null;
    }
    if (node.type === 'BinaryExpression') return this.#compared(String(node.operator), left, right);
    if (node.type === 'CallExpression') return this.#included(node);
    return null;
  }

  #compared(operator: string, left: ScriptNode | null, right: ScriptNode | null): readonly Found[] | null {
    const part = this.#part(left);
    const is = comparisons[operator];
    if (part === null || is === undefined) return null;
    const isNothing = right?.type === 'Identifier' && right.name === 'undefined';
    if ('path' in part && isNothing)
      return [{ path: part.path, test: { is: 'exists', value: is !== 'equals' } }];
    const value = right?.type === 'Literal' ? right.value : undefined;
    if (
      typeof value !== 'string' &&
      typeof value !== 'number' &&
      typeof value !== 'boolean' &&
      value !== null
    )
      return null;
    if ('path' in part) return [{ path: part.path, test: { is, value } }];
    if ('header' in part) return is === 'equals' ? [{ header: part.header, test: { is, value } }] : null;
    if (part.of === 'body') return is === 'equals' ? [{ test: { is, value } }] : null;
    if (typeof value !== 'number') return null;
    return [{ statuses: finals.filter(status => holds(status, is, value)) }];
  }

  /** `body.includes('x')`, `headers['A'].includes('x')`, `[200, 201].includes(status)`. */
  #included(call: ScriptNode): readonly Found[] | null {
    const callee = nodeIn(call, 'callee');
    const [argument = null] = nodesIn(call, 'arguments');
    if (callee?.type !== 'MemberExpression' || propertyName(callee) !== 'includes') return null;
    const object = nodeIn(callee, 'object');
    if (object?.type === 'ArrayExpression') {
      const part = this.#part(argument);
      const statuses = nodesIn(object, 'elements').map(({ value }) => value);
      const isStatus = part !== null && 'of' in part && part.of === 'status';
      return isStatus && statuses.every(one => typeof one === 'number')
        ? [{ statuses: statuses as number[] }]
        : null;
    }
    const part = this.#part(object);
    const value = argument?.type === 'Literal' ? argument.value : undefined;
    if (part === null || typeof value !== 'string') return null;
    const test = { is: 'contains', value } as const;
    if ('header' in part) return [{ header: part.header, test }];
    if ('path' in part) return [{ path: part.path, test }];
    return part.of === 'body' ? [{ test }] : null;
  }

  #part(node: ScriptNode | null): Part | null {
    if (node === null) return null;
    const callee = nodeIn(node, 'callee');
    if (node.type === 'CallExpression' && callee?.type === 'MemberExpression') {
      const [selector = null] = nodesIn(node, 'arguments');
      if (propertyName(callee) !== 'json' || !this.#isAnswer(nodeIn(callee, 'object'))) return null;
      const found = jsonAt(looked, selector === null ? undefined : selector.value);
      return found === null ? null : { path: found.path };
    }
    if (node.type !== 'MemberExpression') return null;
    const object = nodeIn(node, 'object');
    const name = propertyName(node);
    if (object === null || name === null) return null;
    if (this.#isAnswer(object)) {
      if (name === 'status') return { of: 'status' };
      return name === 'body' ? { of: 'body' } : null;
    }
    const isHeaders = object.type === 'MemberExpression' && propertyName(object) === 'headers';
    if (isHeaders && this.#isAnswer(nodeIn(object, 'object'))) return { header: name.toLowerCase() };
    const inner = this.#part(object);
    if (inner === null || !('path' in inner) || name === 'length') return null;
    const step = /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : /^\d{1,9}$/.test(name) ? `[${name}]` : null;
    return step === null ? null : { path: inner.path + step };
  }

  #isAnswer(node: ScriptNode | null): boolean {
    if (node?.type !== 'Identifier') return false;
    if (node.name === this.#name) return true;
    const value = this.#scope.get(String(node.name));
    return value instanceof AnswerValue;
  }
}

function holds(status: number, is: ImportedTest['is'], to: number): boolean {
  if (is === 'equals') return status === to;
  if (is === 'not') return status !== to;
  if (is === 'above') return status > to;
  if (is === 'below') return status < to;
  return is === 'atLeast' ? status >= to : status <= to;
}
