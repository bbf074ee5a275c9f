import { FilledText } from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';
import { AnswerJson, AnswerValue, captured, filledTextOf, isAnswerPart, stepOf } from './script-answers.ts';
import { dotted, nodeIn, nodesIn, propertyName, type ScriptNode } from './script-syntax.ts';

/** Longer texts, and values of more parts, are sent by no script. */
const mostText = 100_000;

/** What a script says here cannot be carried over. */
export class NotCarried extends Error {
  readonly node: ScriptNode;

  constructor(node: ScriptNode, reason: string) {
    super(reason);
    this.node = node;
  }
}

/** Rows of a file, and one of them. */
export class ScriptRows {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
class ScriptRow {
  readonly rows: ScriptRows;
  constructor(rows: ScriptRows) {
    this.rows = rows;
  }
}

/** A function of the script, and where it was written. */
export class ScriptFunction {
  readonly node: ScriptNode;
  readonly scope: ScriptScope;
  constructor(node: ScriptNode, scope: ScriptScope) {
    this.node = node;
    this.scope = scope;
  }
}

/** What is known under names. */
export class ScriptScope {
  readonly #known = new Map<string, unknown>();
  readonly #outer: ScriptScope | null;

  constructor(outer: ScriptScope | null = null) {
    this.#outer = outer;
  }

  set(name: string, value: unknown): void {
    this.#known.set(name, value);
  }

  /** Sets a name where it was declared. */
  assign(name: string, value: unknown): void {
    if (this.#known.has(name) || this.#outer === null) this.#known.set(name, value);
    else this.#outer.assign(name, value);
  }

  get(name: string): unknown {
    return this.#known.has(name) ? this.#known.get(name) : this.#outer?.get(name);
  }
}

/** What calls of functions give, as far as it is known; undefined of others. */
export type CallOf = (node: ScriptNode, scope: ScriptScope) => unknown;

/** Finds out what expressions of a script come to, without running it. Throws `NotCarried`. */
export class ScriptValues {
  readonly #call: CallOf;
  readonly #sizes = new WeakMap<object, number>();
  readonly #rowPicked: (rows: ScriptRows, node: ScriptNode) => void;

  constructor(call: CallOf, rowPicked: (rows: ScriptRows, node: ScriptNode) => void) {
    this.#call = call;
    this.#rowPicked = rowPicked;
  }

  /** JSON with `FilledText` in it, or one of the values above. */
  of(node: ScriptNode | null, scope: ScriptScope): unknown {
    if (node === null) return undefined;
    switch (node.type) {
      case 'Literal':
        return node.value;
      case 'TemplateLiteral':
        return this.#template(node, scope);
      case 'ArrayExpression':
        return this.#bounded(
          node,
          nodesIn(node, 'elements').map(item => this.of(item, scope)),
        );
      case 'ObjectExpression':
        return this.#bounded(node, this.#object(node, scope));
      case 'UnaryExpression': {
        const value = this.of(nodeIn(node, 'argument'), scope);
        if (node.operator === '-' && typeof value === 'number') return -value;
        break;
      }
      case 'BinaryExpression':
        return this.#binary(node, scope);
      case 'LogicalExpression':
        return this.#either(node, scope);
      case 'Identifier': {
        if (node.name === '__ITER') return ownHole('iteration');
        if (node.name === 'undefined') return undefined;
        const value = scope.get(String(node.name));
        if (value !== undefined) return value;
        break;
      }
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return new ScriptFunction(node, scope);
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression': {
        const value = this.#call(node, scope);
        if (value !== undefined) return value;
      }
    }
    throw new NotCarried(node, 'since nothing is known of a value in');
  }

  /** The text that an expression comes to. */
  text(node: ScriptNode | null, scope: ScriptScope): ImportedText {
    const value = this.of(node, scope);
    const text = filledTextOf(value, wishOf(node));
    if (text === null && node !== null) throw new NotCarried(node, 'since nothing is known of a text in');
    return text ?? [];
  }

  #template(node: ScriptNode, scope: ScriptScope): unknown {
    const inner = nodesIn(node, 'expressions').map(one => this.text(one, scope));
    const text = nodesIn(node, 'quasis').flatMap((quasi, index) => [
      ...sentText(String((quasi.value as { readonly cooked?: unknown }).cooked ?? '')),
      ...(inner[index] ?? []),
    ]);
    return simplest(text, node);
  }

  /** A list or a map that is not larger than anything that is sent, however often parts of it stand in it. */
  #bounded<Made extends object>(node: ScriptNode, made: Made): Made {
    const size = Object.values(made).reduce(
      (sum: number, item: unknown) =>
        sum + (typeof item === 'object' && item !== null ? (this.#sizes.get(item) ?? 1) : 1),
      1,
    );
    if (size > mostText) throw new NotCarried(node, 'since it makes a very large value in');
    this.#sizes.set(made, size);
    return made;
  }

  #object(node: ScriptNode, scope: ScriptScope): object {
    const made: { [name: string]: unknown } = {};
    for (const property of nodesIn(node, 'properties')) {
      if (property.type === 'SpreadElement') {
        Object.assign(made, this.of(nodeIn(property, 'argument'), scope));
        continue;
      }
      const name = property.computed === true ? null : propertyName(property);
      if (name === null || name === '__proto__')
        throw new NotCarried(property, 'since a name is computed in');
      made[name] = this.of(nodeIn(property, 'value'), scope);
    }
    return made;
  }

  #binary(node: ScriptNode, scope: ScriptScope): unknown {
    const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')];
    const [one, other] = [this.of(left, scope), this.of(right, scope)];
    if (typeof one === 'number' && typeof other === 'number') {
      if (node.operator === '*') return one * other;
      if (node.operator === '/' && other !== 0) return one / other;
      if (node.operator === '-') return one - other;
      if (node.operator === '+') return one + other;
    }
    if (node.operator !== '+') throw new NotCarried(node, 'since nothing is known of a value in');
    return simplest([...this.text(left, scope), ...this.text(right, scope)], node);
  }

  /** `__ENV.URL || 'http://…'` is the text: without the variable, that is what the script does. */
  #either(node: ScriptNode, scope: ScriptScope): unknown {
    const left = nodeIn(node, 'left');
    if (node.operator !== '&&' && dotted(left)?.[0] === '__ENV') return this.of(nodeIn(node, 'right'), scope);
    throw new NotCarried(node, 'since nothing is known of a value in');
  }

  #member(node: ScriptNode, scope: ScriptScope): unknown {
    const path = dotted(node);
    if (path?.[0] === '__ENV' && path.length === 2) {
      const name = path[1] ?? '';
      if (/^[A-Za-z_]\w{0,80}$/.test(name)) return new FilledText([{ kind: 'variable', name }]);
    }
    if (path?.join('.').endsWith('scenario.iterationInTest')) return ownHole('iteration');
    const object = this.of(nodeIn(node, 'object'), scope);
    const name = propertyName(node);
    if (object instanceof ScriptRows) {
      this.#rowPicked(object, node);
      return new ScriptRow(object);
    }
    if (object instanceof ScriptRow && name !== null && /^[\w-]{1,60}$/.test(name))
      return ownHole(`${object.rows.name}.${name}`);
    if (object instanceof AnswerJson && name !== null)
      return new AnswerJson(object.answer, object.path + stepOf(name));
    if (object instanceof AnswerValue && (name === 'headers' || name === 'body'))
      return { answer: object, name };
    if (isAnswerPart(object) && object.name === 'headers' && name !== null)
      return captured(object.answer.answer, { header: name.toLowerCase() }, name);
    const isKnown =
      typeof object === 'object' && object !== null && name !== null && Object.hasOwn(object, name);
    const value = isKnown ? (object as { readonly [name: string]: unknown })[name] : undefined;
    if (value !== undefined) return value;
    throw new NotCarried(node, 'since nothing is known of a value in');
  }
}

/** A hole that a scenario fills by itself: `{{iteration}}`. */
export function ownHole(hole: string): FilledText {
  return new FilledText([{ kind: 'capture', name: hole }]);
}

function simplest(text: ImportedText, node: ScriptNode): unknown {
  const length = text.reduce((sum, part) => sum + (part.kind === 'plain' ? part.text.length : 1), 0);
  if (length > mostText) throw new NotCarried(node, 'since it makes a very long text in');
  const plain = text.every(part => part.kind === 'plain');
  return plain ? text.map(part => (part.kind === 'plain' ? part.text : '')).join('') : new FilledText(text);
}

/** What a captured value may be called: the name that the script has for it. */
function wishOf(node: ScriptNode | null): string {
  return dotted(node)?.at(-1) ?? 'value';
}
