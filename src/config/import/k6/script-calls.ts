import { AnswerJson, AnswerValue, isAnswerPart, jsonAt } from './script-answers.ts';
import {
  JsonText,
  pauseOf,
  type RequestTerms,
  type ScriptRequest,
  type ScriptStep,
  scriptRequest,
} from './script-flow.ts';
import { dotted, nodeIn, nodesIn, propertyName, type ScriptNode } from './script-syntax.ts';
import { NotCarried, ownHole, ScriptFunction, ScriptRows, type ScriptScope } from './script-values.ts';

const methods: { readonly [name: string]: string } = {
  ...{ get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', del: 'DELETE', delete: 'DELETE', head: 'HEAD' },
  ...{ options: 'OPTIONS' },
};

/** What calls work with. */
export interface CallTerms extends RequestTerms {
  /** Local names of what modules export. */
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name: string }>;
  /** The steps that are being made. */
  readonly steps: ScriptStep[];
  readonly value: (node: ScriptNode | null, scope: ScriptScope) => unknown;
  /** Makes the steps of a function, and answers what it returns. */
  readonly body: (node: ScriptNode, given: readonly unknown[], scope: ScriptScope) => unknown;
  /** A node with its line. */
  readonly at: (node: ScriptNode) => string;
}

/** What the calls of a script give, and the steps that they make. */
export class ScriptCalls {
  readonly #state: CallTerms;

  constructor(state: CallTerms) {
    this.#state = state;
  }

  /** What a call gives, with the steps that it makes. */
  of(call: ScriptNode, scope: ScriptScope): unknown {
    const args = nodesIn(call, 'arguments');
    const callee = nodeIn(call, call.type === 'TaggedTemplateExpression' ? 'tag' : 'callee');
    const path = dotted(callee) ?? [];
    const [first = '', ...rest] = path;
    const imported = this.#state.imports.get(first);
    const name = imported === undefined ? path.join('.') : [imported.name, ...rest].join('.');
    if (imported !== undefined) return this.#imported(call, imported.from, name, args, scope);
    if (name === 'JSON.stringify') return new JsonText(this.#state.value(args[0] ?? null, scope));
    if (name === 'JSON.parse') {
      const value = this.#state.value(args[0] ?? null, scope);
      if (value instanceof OpenedFile) return value;
      if (isAnswerPart(value) && value.name === 'body') return new AnswerJson(value.answer.answer, '$');
      throw new NotCarried(call, 'since nothing is known of a value in');
    }
    if (name === 'open') return new OpenedFile(String(this.#state.value(args[0] ?? null, scope)));
    if (callee?.type === 'MemberExpression' && propertyName(callee) === 'json') {
      const answer = this.#state.value(nodeIn(callee, 'object'), scope);
      const selector = args[0] ? this.#state.value(args[0], scope) : undefined;
      const found = answer instanceof AnswerValue ? jsonAt(answer.answer, selector) : null;
      if (found !== null) return found;
    }
    const called = path.length === 1 ? scope.get(first) : undefined;
    if (called instanceof ScriptFunction) {
      const given = args.map(argument => this.#state.value(argument, scope));
      return this.#state.body(called.node, given, called.scope);
    }
    throw new NotCarried(call, 'as calls that do not map');
  }

  /** A call of what a module of k6 exports. */
  #imported(
    call: ScriptNode,
    from: string,
    name: string,
    args: readonly ScriptNode[],
    scope: ScriptScope,
  ): unknown {
    if (from === 'k6/http') {
      const method = name.replace(/^default\.|^\*\.|^http\./, '');
      return this.#http(call, method, args, scope);
    }
    const last = name.replace(/^default\./, '');
    if (last === 'sleep') {
      const pause = pauseOf(call, scope, this.#state.values);
      if (pause !== null) this.#state.steps.push(pause);
      return null;
    }
    if (last === 'check') return this.#check(args, scope);
    if (last === 'group') {
      const inner = this.#state.value(args[1] ?? null, scope);
      if (inner instanceof ScriptFunction) return this.#state.body(inner.node, [], inner.scope) ?? null;
    }
    if (last === 'SharedArray') {
      const made = this.#state.value(args[1] ?? null, scope);
      if (made instanceof ScriptFunction) return this.#state.body(made.node, [], made.scope);
    }
    if (last === 'parse' && /papaparse/i.test(from))
      return { data: this.#state.value(args[0] ?? null, scope) };
    if (last === 'uuidv4') return ownHole('uuid');
    if (last === 'randomIntBetween') {
      const [least, most] = args.map(one => this.#state.value(one, scope));
      if (typeof least === 'number' && typeof most === 'number') return ownHole(`int ${least} ${most}`);
    }
    if (last === 'randomItem') {
      const rows = this.#state.value(args[0] ?? null, scope);
      if (rows instanceof ScriptRows) return this.#rowOf(call, args[0], scope);
      if (Array.isArray(rows) && rows.length > 0) return rows[0];
    }
    throw new NotCarried(call, 'as calls that do not map');
  }

  /** A row of `randomItem(rows)`, as `rows[…]` gives it. */
  #rowOf(call: ScriptNode, rows: ScriptNode | undefined, scope: ScriptScope): unknown {
    return this.#state.value(
      {
        type: 'MemberExpression',
        start: call.start,
        end: call.end,
        object: rows,
        property: call,
        computed: true,
      },
      scope,
    );
  }

  #http(call: ScriptNode, name: string, args: readonly ScriptNode[], scope: ScriptScope): unknown {
    const make = (method: string, parts: readonly (ScriptNode | null)[]) => {
      const request: ScriptRequest = scriptRequest(call, method, parts, scope, this.#state);
      this.#state.steps.push(request);
      return new AnswerValue(request);
    };
    if (name === 'request' || name === 'asyncRequest') {
      const method = this.#state.value(args[0] ?? null, scope);
      if (typeof method === 'string') return make(method.toUpperCase(), args.slice(1));
    }
    if (name === 'batch' && args[0]?.type === 'ArrayExpression') {
      return nodesIn(args[0], 'elements').map(one => {
        const [verb, ...parts] = one.type === 'ArrayExpression' ? nodesIn(one, 'elements') : [];
        return verb === undefined ? make('GET', [one]) : make(String(verb.value).toUpperCase(), parts);
      });
    }
    const method = methods[name];
    if (method === undefined) throw new NotCarried(call, 'as calls that do not map');
    const isBodiless = method === 'GET' || method === 'HEAD';
    return make(method, isBodiless ? [args[0] ?? null, null, args[1] ?? null] : args);
  }

  /** `check(answer, { name: answer => condition })`. */
  #check([subject, sets]: readonly ScriptNode[], scope: ScriptScope): null {
    const answer = this.#state.value(subject ?? null, scope);
    for (const one of sets === undefined ? [] : nodesIn(sets, 'properties')) {
      const test = nodeIn(one, 'value');
      const [parameter] = test === null ? [] : nodesIn(test, 'params');
      const body = test && nodeIn(test, 'body');
      const [only, ...others] = body?.type === 'BlockStatement' ? nodesIn(body, 'body') : [];
      const condition =
        body?.type === 'BlockStatement'
          ? only?.type === 'ReturnStatement' && others.length === 0
            ? nodeIn(only, 'argument')
            : null
          : body;
      const request = answer instanceof AnswerValue ? (answer.answer as ScriptRequest) : null;
      const name = String(parameter?.name ?? '');
      const isTaken = condition && request?.expectation.take(condition, name, scope);
      if (!isTaken) this.#state.omissions.add(this.#state.at(one), 'as checks that do not map');
    }
    return null;
  }
}

/** A file that the script reads. */
export class OpenedFile {
  readonly file: string;
  constructor(file: string) {
    this.file = file;
  }
}
