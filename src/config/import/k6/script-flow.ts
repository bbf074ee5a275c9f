import { carriedHeaders } from '../form/carried-headers.ts';
import { mapIn, textIn } from '../form/foreign-document.ts';
import type { PlacedRequest, PlacedStep } from '../form/import-of.ts';
import { FilledText, type ImportedBody, type ImportedCapture, type ImportedPair } from '../form/imported.ts';
import { type ImportedText, plainOf, sentText } from '../form/imported-text.ts';
import type { Omissions } from '../form/omissions.ts';
import { recordedBody } from '../form/recorded-body.ts';
import { templatedUrl } from '../form/templated-url.ts';
import { AnswerValue, filledTextOf, jsonOf, type ScriptAnswer } from './script-answers.ts';
import { AnswerExpectation } from './script-checks.ts';
import { nodeIn, nodesIn, type ParsedScript, type ScriptNode } from './script-syntax.ts';
import { NotCarried, type ScriptScope, type ScriptValues } from './script-values.ts';

/** A request that is being made of a script: checks and captures of its answer come later. */
export class ScriptRequest implements ScriptAnswer {
  readonly expectation = new AnswerExpectation();
  readonly #request: Omit<PlacedRequest, 'captures'>;
  readonly #captures = new Map<string, ImportedCapture>();
  readonly #taken: Set<string>;

  constructor(request: Omit<PlacedRequest, 'captures'>, taken: Set<string>) {
    this.#request = request;
    this.#taken = taken;
  }

  capture(source: { readonly path: string } | { readonly header: string }, wish: string): ImportedCapture {
    const key = JSON.stringify(source);
    const known = this.#captures.get(key);
    if (known !== undefined) return known;
    const last = 'path' in source ? /(\w+)\W*$/.exec(source.path)?.[1] : source.header;
    const plain = (wish === 'value' ? (last ?? wish) : wish).replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let count = 2; this.#taken.has(name); count++) name = `${plain}_${count}`;
    this.#taken.add(name);
    const capture = { name, ...source };
    this.#captures.set(key, capture);
    return capture;
  }

  get step(): PlacedRequest {
    const { expectation } = this.expectation;
    return {
      ...this.#request,
      captures: [...this.#captures.values()],
      ...(expectation === undefined ? {} : { expect: expectation }),
    };
  }
}

/** A step that is being made. */
export type ScriptStep = ScriptRequest | Exclude<PlacedStep, PlacedRequest>;

/** What requests are made of. */
export interface RequestTerms {
  readonly values: ScriptValues;
  readonly script: ParsedScript;
  readonly omissions: Omissions;
  readonly taken: Set<string>;
}

/** A text that is written as JSON: `JSON.stringify(value)`. */
export class JsonText {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** The request of `http.request(method, url, body, params)`. Throws `NotCarried`. */
export function scriptRequest(
  call: ScriptNode,
  method: string,
  [urlNode, bodyNode, paramsNode]: readonly (ScriptNode | null)[],
  scope: ScriptScope,
  { values, script, omissions, taken }: RequestTerms,
): ScriptRequest {
  const url = templatedUrl(urlText(urlNode ?? null, scope, values));
  if (url === null) throw new NotCarried(call, 'since it has no URL of http or https');
  const params = paramsNode ? mapIn(values.of(paramsNode, scope)) : {};
  const pairs = (map: unknown): readonly ImportedPair[] =>
    Object.entries(mapIn(map)).flatMap(([name, value]) => {
      const text = filledTextOf(value, name);
      return text === null ? [] : [{ name, value: text }];
    });
  const headers = [...carriedHeaders(pairs(params.headers)), ...cookieOf(pairs(params.cookies))];
  const line = script.lineOf(call);
  for (const name of Object.keys(params).filter(one => !['headers', 'cookies', 'tags'].includes(one)))
    omissions.add(`line ${line}: ${name}`, 'as parameters of a request that do not map');
  const given = bodyNode && !isNothing(bodyNode) ? values.of(bodyNode, scope) : null;
  const body = bodyOf(given, headers, pairs);
  if (typeof body === 'string') throw new NotCarried(call, body);
  const name = mapIn(params.tags).name;
  const request = { kind: 'request', method, ...url, headers, body, name: textIn(name) } as const;
  return new ScriptRequest(request, taken);
}

const isNothing = (node: ScriptNode) =>
  (node.type === 'Literal' && node.value === null) ||
  (node.type === 'Identifier' && node.name === 'undefined');

/** The text of a URL, which may be tagged: http.url`…`. */
function urlText(node: ScriptNode | null, scope: ScriptScope, values: ScriptValues): ImportedText {
  if (node?.type === 'TaggedTemplateExpression') return values.text(nodeIn(node, 'quasi'), scope);
  return values.text(node, scope);
}

function cookieOf(pairs: readonly ImportedPair[]): readonly ImportedPair[] {
  if (pairs.length === 0) return [];
  const value = pairs.flatMap(({ name, value: text }, index) => [
    ...sentText(`${index === 0 ? '' : '; '}${name}=`),
    ...text,
  ]);
  return [{ name: 'cookie', value }];
}

function bodyOf(
  given: unknown,
  headers: readonly ImportedPair[],
  pairs: (map: unknown) => readonly ImportedPair[],
): ImportedBody | null | string {
  if (given === null || given === undefined) return null;
  const type = plainOf(headers.find(({ name }) => name === 'content-type')?.value ?? []) || null;
  if (given instanceof JsonText) return { kind: 'json', json: jsonOf(given.value) };
  const text = filledTextOf(given);
  if (text !== null) {
    const plain = plainOf(text);
    return plain === null ? { kind: 'text', type, text } : recordedBody(type, plain);
  }
  const isFields = typeof given === 'object' && !Array.isArray(given) && !(given instanceof AnswerValue);
  const fields = isFields ? pairs(given) : [];
  return fields.length > 0 && fields.length === Object.keys(given as object).length
    ? { kind: 'form', fields }
    : 'since nothing is known of its body';
}

/** The pause of `sleep(seconds)`, or between two of them. */
export function pauseOf(call: ScriptNode, scope: ScriptScope, values: ScriptValues): ScriptStep | null {
  const [argument = null] = nodesIn(call, 'arguments');
  const value = values.of(argument, scope);
  const [, least, most] =
    value instanceof FilledText
      ? (/^int (\S+) (\S+)$/.exec(value.text[0]?.kind === 'capture' ? value.text[0].name : '') ?? [])
      : [];
  const [from, to] = typeof value === 'number' ? [value, value] : [Number(least), Number(most)];
  if (!(from >= 0 && to >= from && to <= 3_600))
    throw new NotCarried(call, 'since nothing is known of a pause in');
  if (to === 0) return null;
  return {
    kind: 'pause',
    milliseconds: from * 1_000,
    ...(to > from ? { mostMilliseconds: to * 1_000 } : {}),
  };
}
