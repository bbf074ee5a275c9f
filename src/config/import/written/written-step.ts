import { PlimsollError } from '../../../model/error.ts';
import { isSecretName, redactor } from '../../../safety/secret.ts';
import { headerName, headerValue } from '../../grammar/header.ts';
import { bodiless, parseRequestLine } from '../../grammar/request-line.ts';
import { routeOf } from '../../grammar/route.ts';
import type { ImportedBody, ImportedRequest } from '../form/imported.ts';
import { type ImportedText, plainOf, scenarioText, scenarioUrlText } from '../form/imported-text.ts';
import type { Omissions } from '../form/omissions.ts';
import type { SecretVariables } from '../form/secret-variables.ts';
import { bodyText, jsonBody, writtenFields } from './written-body.ts';
import { writtenExpectation } from './written-expectation.ts';

/** A step of a scenario as YAML holds it. */
export type WrittenRequestStep = string | { readonly [key: string]: unknown };

/** What is known while the steps of an import are written. */
export interface Writing {
  readonly secrets: SecretVariables;
  readonly omissions: Omissions;
  /** Whether values are of real traffic. */
  readonly isRecorded: boolean;
}

/** A request as a step; undefined, with the reason among the omissions, if a scenario cannot say it. */
export function writtenStep(request: ImportedRequest, writing: Writing): WrittenRequestStep | undefined {
  const { secrets, omissions } = writing;
  const what = shownRequest(request);
  const path = pathOf(request);
  const line = `${request.method} ${path}`;
  try {
    parseRequestLine(line);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    omissions.add(what, 'since a scenario cannot say this method or path');
    return undefined;
  }
  const body = bodyOf(request, writing);
  if (body === undefined) return undefined;
  const headers = headersOf(request, body, writing);
  const endpoint = request.route === null ? undefined : `${request.method} ${request.route}`;
  const isRouted = endpoint === undefined || endpoint === routeOf(request.method, path);
  const captures = request.captures.map(
    capture => [capture.name, 'path' in capture ? capture.path : { header: capture.header }] as const,
  );
  const expect = request.expect === undefined ? {} : writtenExpectation(request.expect);
  const rest = {
    ...(isRouted ? {} : { endpoint: scenarioText([{ kind: 'plain', text: endpoint }]) ?? what }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...body.written,
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
    ...(captures.length === 0 ? {} : { capture: Object.fromEntries(captures) }),
  };
  return Object.keys(rest).length === 0 ? line : { request: line, ...rest };

  function pathOf({ path: raw, query }: ImportedRequest): string {
    const pairs = query.map(({ name, value }) => {
      const shown = secrets.at('query parameter', name, value);
      const written = scenarioUrlText(shown, encodedQuery);
      return `${encodedQuery(name)}${value.length === 0 ? '' : `=${written}`}`;
    });
    const written = scenarioUrlText(secrets.within(raw), text => text);
    return pairs.length === 0 ? written : `${written}?${pairs.join('&')}`;
  }
}

/** A request in a few words: its method and its route or path. */
function shownRequest({ method, route, path }: ImportedRequest): string {
  return `${method} ${redactor([])(route ?? scenarioUrlText(path, text => text))}`;
}

/** What a query leaves as it is reads better: brackets, commas and the like. */
function encodedQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/%(?:2C|2F|3A|40|5B|5D)/g, decodeURIComponent);
}

interface WrittenBody {
  /** The keys `json` or `body` of the step. */
  readonly written: { readonly [key: string]: unknown };
  /** The type that the step's headers must say; empty if the key alone says it, and null if the headers may. */
  readonly type: string | null;
}

const noBody: WrittenBody = { written: {}, type: null };

function bodyOf(request: ImportedRequest, writing: Writing): WrittenBody | undefined {
  const { body, method } = request;
  const { omissions } = writing;
  const what = shownRequest(request);
  if (body === null) return noBody;
  if (bodiless.includes(method)) {
    omissions.add(what, `with its body, which a ${method} request cannot have`);
    return noBody;
  }
  const refuse = (reason: string) => {
    omissions.add(what, reason);
    return undefined;
  };
  const written = writtenBody(body, writing);
  if (written === undefined)
    return refuse('since a scenario cannot say its body, or the body names a secret');
  const size = JSON.stringify(written.written).length;
  return size > mostBody ? refuse('since its body is larger than 100 kB') : written;
}

/** A larger body makes the scenario unreadable. */
const mostBody = 100_000;

function writtenBody(body: ImportedBody, { secrets, isRecorded }: Writing): WrittenBody | undefined {
  const own = (text: ImportedText) => scenarioText(secrets.within(text));
  if (body.kind === 'json') {
    const json = jsonBody(body.json, secrets, isRecorded);
    return json.isPlain
      ? { written: { json: json.value }, type: null }
      : { written: { body: json.text }, type: 'application/json' };
  }
  if (body.kind === 'text') {
    const text = !isRecorded || isDiscreet(body.text) ? own(body.text) : undefined;
    return text === undefined ? undefined : { written: { body: text }, type: body.type };
  }
  const fields = writtenFields(body.fields, (name, value) =>
    scenarioText(isRecorded ? secrets.at('form field', name, value) : value),
  );
  if (fields !== undefined) return { written: { [body.kind]: fields }, type: '' };
  if (body.kind === 'multipart') return undefined;
  const text = bodyText(body.fields, (name, value) =>
    scenarioUrlText(isRecorded ? secrets.at('form field', name, value) : value, encodeURIComponent),
  );
  return { written: { body: text }, type: 'application/x-www-form-urlencoded' };
}

/** Whether a text names no secret: one could not be taken out of it. What is filled in later is none of the text's. */
function isDiscreet(text: ImportedText): boolean {
  const plain = plainOf(text);
  if (plain !== null) return redactor([])(plain) === plain;
  const written = text.map(part => (part.kind === 'plain' ? part.text : '\ue000')).join('');
  return [...written.matchAll(/"([\w-]{1,100})"\s{0,20}:\s{0,20}"?([^",}\]]{1,200})/g)].every(
    ([, name = '', value = '']) => !isSecretName(name) || value.includes('\ue000'),
  );
}

function headersOf(
  request: ImportedRequest,
  { type }: WrittenBody,
  { secrets, omissions }: Writing,
): { readonly [name: string]: string | readonly string[] } {
  const headers: { [name: string]: string | string[] } = {};
  const add = (name: string, value: string) => {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  };
  for (const { name: given, value } of request.headers) {
    if (type !== null && given.toLowerCase() === 'content-type') continue;
    try {
      const name = headerName(given);
      const text = scenarioText(secrets.at('header', name, value));
      if (text === undefined) omissions.add(`${given} of ${shownRequest(request)}`, unwritable);
      else if (headerValue(text) !== '') add(name, headerValue(text));
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      omissions.add(`${given} of ${shownRequest(request)}`, unwritable);
    }
  }
  if (type !== null && type !== '') headers['content-type'] = type;
  return headers;
}

const unwritable = 'as a header that a scenario cannot say';
