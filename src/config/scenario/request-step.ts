import { PlimsollError } from '../../model/error.ts';
import type { Endpoint } from '../../model/run/plan.ts';
import type { JsonSchema, RequestStep, Template } from '../../model/run/scenario.ts';
import { secretsInBody } from '../../safety/found-secrets.ts';
import { isSecretName, secretsInHeader, secretsInPath } from '../../safety/secret.ts';
import { bodiless, type RequestLine } from '../grammar/request-line.ts';
import { routeOf } from '../grammar/route.ts';
import { literal, type Names, parseTemplate, withWholeValues } from '../grammar/template.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';
import type { Diagnostics } from '../source/diagnostics.ts';
import { jsonText, withExactNumbers } from '../source/exact-json.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../source/place.ts';
import { checksOf } from './checks.ts';

/** A step as the scenario file has it. */
export type WrittenStep = NonNullable<ScenarioFile['steps']>[number];

/** A request with whatever else its step says. */
export type WrittenRequest = Extract<WrittenStep, { readonly request: RequestLine }>;

/** What all steps of a scenario are made from, and where their endpoints, secrets and mistakes are kept. */
export interface Workshop {
  readonly document: SourceDocument;
  readonly defaults: ScenarioFile['defaults'];
  /** JSON Schemas by the path that the scenario gives. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  readonly diagnostics: Diagnostics;
  readonly endpoints: Endpoint[];
  readonly secrets: string[];
}

/** A request step, and what of it counts when two runs are compared: variables not filled in, credentials left out. */
export interface BuiltRequest {
  readonly step: Omit<RequestStep, 'captures'>;
  readonly workload: { readonly [part: string]: unknown };
}

/** Builds one request step; `place` is the step's path in the file. Its captures are the journey's affair. */
export function buildRequest(
  written: WrittenRequest,
  place: Path,
  names: Names,
  workshop: Workshop,
): BuiltRequest {
  const { method, path } = written.request;
  const linePlace =
    typeof valueAt(workshop.document.value, place) === 'string' ? place : [...place, 'request'];
  const template = (text: string, at: Path): Template => readTemplate(text, at, names, workshop);
  const line = asWritten(workshop.document, linePlace, `${method} ${path}`);
  const name = written.endpoint ?? routeOf(method, line.replace(/^\S+\s+/, ''));
  const endpoint = endpointIndex(
    { name, method },
    'endpoint' in written ? [...place, 'endpoint'] : linePlace,
    workshop,
  );
  const body = bodyOf(written, place, workshop);
  const headers = headersOf(written, place, workshop);
  if (body?.escape === 'json' && !headers.some(({ name }) => name === 'content-type')) {
    headers.push({ name: 'content-type', value: 'application/json', place, digestPlace: place });
  }
  const { timeout = workshop.defaults.timeout, redirects = workshop.defaults.redirects, expect } = written;
  const followed = redirects === 'follow' ? ({ redirects } as const) : {};
  const schema = expect?.schema === undefined ? null : (workshop.schemas.get(expect.schema) ?? null);
  const checks = expect === undefined ? [] : checksOf(expect, [...place, 'expect'], template);
  const expectation = {
    statuses: expect?.status ?? null,
    schema,
    ...(expect?.graphql === undefined ? {} : { graphql: expect.graphql }),
    ...(checks.length === 0 ? {} : { checks }),
  };
  workshop.secrets.push(...secretsInPath(path));
  for (const { name: header, value } of headers) workshop.secrets.push(...secretsInHeader(header, value));

  if (body !== null) workshop.secrets.push(...secretsInBody(body.text));

  const parsed = body === null ? null : template(body.text, body.place);
  const filled =
    body === null || parsed === null
      ? null
      : {
          template: body.escape === 'json' ? withWholeValues(parsed, names.sets) : parsed,
          escape: body.escape,
        };
  const keepsTypes = filled?.template.expressions.some(hole => hole.whole);

  return {
    step: {
      kind: 'request',
      endpoint,
      method,
      path: asLink(template(path, linePlace)),
      headers: headers.map(({ name: header, value, place: at }) => ({
        name: header,
        value: template(value, at),
      })),
      body: filled,
      timeout,
      expect: expectation,
      ...followed,
    },
    workload: {
      endpoint: name,
      request: line,
      headers: headers.map(({ name: header, value, digestPlace }) => [
        header,
        isSecretName(header) ? null : asWritten(workshop.document, digestPlace, value),
      ]),
      body: body?.written ?? null,
      // Otherwise the digest is that of earlier versions, which sent the same.
      ...(keepsTypes === true ? { keepsTypes } : {}),
      timeout,
      expect:
        checks.length === 0
          ? expectation
          : { ...expectation, checks: valueAt(workshop.document.value, [...place, 'expect']) },
      ...followed,
    },
  };
}

/** A path that begins with a hole is a link, which an answer gave. */
function asLink(path: Template): Template {
  const [first, ...rest] = path.expressions;
  if (first === undefined || path.literals[0] !== '') return path;
  return { ...path, expressions: [{ ...first, link: true }, ...rest] };
}

/** The text of the file where it holds a variable, else the text as it was read. */
function asWritten(document: SourceDocument, place: Path, read: string): string {
  const source = valueAt(document.value, place);
  return typeof source === 'string' && source.includes('${') ? source.trim() : read;
}

/** A template; what is wrong with one that holds a variable is told without the variable's value. */
function readTemplate(text: string, at: Path, names: Names, { document, diagnostics }: Workshop): Template {
  const where = placeOf(document, at);
  const read = diagnostics.attempt(where, () => {
    try {
      return parseTemplate(text, names);
    } catch (error) {
      const source = JSON.stringify(valueAt(document.value, at)) ?? '';
      if (!(error instanceof PlimsollError) || !source.includes('${')) throw error;
      throw new PlimsollError(
        error.problems.map(({ code, expected = '' }) => ({ code, found: source, expected })),
      );
    }
  });
  return read ?? literal('');
}

/** The endpoint's index; one name cannot stand for two methods. */
function endpointIndex(
  endpoint: Endpoint,
  place: Path,
  { endpoints, diagnostics, document }: Workshop,
): number {
  const index = endpoints.findIndex(({ name }) => name === endpoint.name);
  const named = /^([A-Z]+) \//.exec(endpoint.name)?.[1];
  const otherMethod = [named, endpoints[index]?.method].find(
    method => method !== undefined && method !== endpoint.method,
  );
  if (otherMethod !== undefined) {
    diagnostics.add({
      code: 'endpoint.two-methods',
      where: placeOf(document, place),
      found: `${JSON.stringify(endpoint.name)} for a ${endpoint.method} request, and for ${otherMethod}`,
      expected: 'an endpoint of one method',
    });
  }
  return index >= 0 ? index : endpoints.push(endpoint) - 1;
}

interface PlacedHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly place: Path;
  /** Where digests look for variables: of a lone value as earlier versions did, under the name in lower case. */
  readonly digestPlace: Path;
}

type WrittenHeaders = NonNullable<WrittenRequest['headers']>;

/** The headers of all steps but for those that the step has itself; a name counts as the same in any case. */
function headersOf(
  { headers = {} }: WrittenRequest,
  place: Path,
  { defaults, document }: Workshop,
): PlacedHeader[] {
  const placed = (group: WrittenHeaders, at: Path): readonly PlacedHeader[] =>
    Object.entries(group).flatMap(([written, value]) => {
      const name = written.toLowerCase();
      if (typeof value === 'string') {
        return [{ name, value, place: [...at, written], digestPlace: [...at, name] }];
      }
      return value.map((item, index) => {
        const own = [...at, written, index];
        return { name, value: document.exactNumber(own) ?? item, place: own, digestPlace: own };
      });
    });
  const own = placed(headers, [...place, 'headers']);
  const common = placed(defaults.headers, ['defaults', 'headers']);
  // One that replaces a default takes its place.
  const replaced = common.flatMap((header, index) => {
    const instead = own.filter(({ name }) => name === header.name);
    const isFirst = common.findIndex(({ name }) => name === header.name) === index;
    return instead.length === 0 ? [header] : isFirst ? instead : [];
  });
  return [...replaced, ...own.filter(header => !common.some(({ name }) => name === header.name))];
}

interface WrittenBody {
  readonly text: string;
  readonly escape: 'none' | 'json';
  readonly place: Path;
  readonly written: unknown;
}

function bodyOf(
  { request, body, json }: WrittenRequest,
  place: Path,
  workshop: Workshop,
): WrittenBody | null {
  if (body === undefined && json === undefined) return null;
  const key = json === undefined ? 'body' : 'json';
  const at = [...place, key];
  const refuse = (expected: string, instead: string): void =>
    workshop.diagnostics.add({
      code: 'request.unexpected-body',
      where: placeOf(workshop.document, at),
      expected,
      instead,
    });
  if (body !== undefined && json !== undefined) refuse('either body or json', 'one of the two');
  if (bodiless.includes(request.method)) {
    refuse(`a ${request.method} request without a body`, `POST ${request.path}, or no ${key}`);
  }
  return json === undefined
    ? { text: body ?? '', escape: 'none', place: at, written: asWritten(workshop.document, at, body ?? '') }
    : {
        text: jsonText(json.json, at, workshop.document),
        escape: 'json',
        place: at,
        written: withExactNumbers(valueAt(workshop.document.value, at), at, workshop.document),
      };
}
