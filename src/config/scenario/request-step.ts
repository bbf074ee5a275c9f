import { PlimsollError } from '../../model/error.ts';
import type { Endpoint } from '../../model/run/plan.ts';
import type { JsonSchema, RequestStep, Template } from '../../model/run/scenario.ts';
import type { TokenRequest } from '../../model/run/signing.ts';
import { isSecretName, secretsInHeader, secretsInPath } from '../../safety/secret.ts';
import type { RequestLine } from '../grammar/request-line.ts';
import { routeOf } from '../grammar/route.ts';
import { literal, type Names, parseTemplate, withWholeValues } from '../grammar/template.ts';
import type { PlainStep } from '../schema/flow-schema.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';
import type { Diagnostics } from '../source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../source/place.ts';
import { checksOf } from './checks.ts';
import { asWritten } from './request/as-written.ts';
import { authOf, withParameter } from './request/auth.ts';
import { type BodyFile, type BuiltBody, buildBody } from './request/body.ts';
import { refuseLongStream } from './request/stream.ts';

/** A request with whatever else its step says. */
export type WrittenRequest = Extract<PlainStep, { readonly request: RequestLine }>;

/** What all steps of a scenario are made from, and where their endpoints, secrets and mistakes are kept. */
export interface Workshop {
  readonly document: SourceDocument;
  readonly defaults: ScenarioFile['defaults'];
  /** JSON Schemas by the path that the scenario gives. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  /** The files that bodies send, by the path that the scenario gives. */
  readonly files: ReadonlyMap<string, BodyFile>;
  readonly diagnostics: Diagnostics;
  readonly endpoints: Endpoint[];
  readonly secrets: string[];
  /** The tokens that steps ask for. */
  readonly tokens: TokenRequest<Template>[];
  /** True of a scenario that a program hands over. */
  readonly isProgram: boolean;
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
  const built = buildBody(written, place, { ...workshop, template });
  const name = written.endpoint ?? built?.operation ?? routeOf(method, line.replace(/^\S+\s+/, ''));
  const endpoint = endpointIndex(
    { name, method },
    'endpoint' in written ? [...place, 'endpoint'] : linePlace,
    workshop,
  );
  const headers = withContentType(headersOf(written, place, workshop), built, place, workshop);
  const { timeout = workshop.defaults.timeout, redirects = workshop.defaults.redirects, expect } = written;
  const followed = redirects === 'follow' ? ({ redirects } as const) : {};
  const streamed = written.stream === undefined ? {} : { stream: written.stream };
  refuseLongStream(written, timeout, place, workshop);
  const schema = expect?.schema === undefined ? null : (workshop.schemas.get(expect.schema) ?? null);
  const checks = expect === undefined ? [] : checksOf(expect, [...place, 'expect'], template);
  const expectation = {
    statuses: expect?.status ?? null,
    schema,
    ...(expect?.graphql === undefined ? {} : { graphql: expect.graphql }),
    ...(checks.length === 0 ? {} : { checks }),
  };
  const credentials = authOf(written, place, headers, { ...workshop, sets: names.sets, template });
  const { header: added = null, query = null, signing = null } = credentials?.built ?? {};
  workshop.secrets.push(...secretsInPath(path));
  for (const { name: header, value } of headers) workshop.secrets.push(...secretsInHeader(header, value));
  if (built !== null) workshop.secrets.push(...built.secrets);
  const body = built?.body ?? null;
  const filled =
    body?.escape === 'json' ? { ...body, template: withWholeValues(body.template, names.sets) } : body;
  const keepsTypes = filled?.template.expressions.some(hole => hole.whole);

  return {
    step: {
      kind: 'request',
      endpoint,
      method,
      path: withParameter(asLink(template(path, linePlace)), query),
      headers: [
        ...headers
          .filter(({ name: header }) => header !== added?.name)
          .map(({ name: header, value, place: at }) => ({ name: header, value: template(value, at) })),
        ...(added === null ? [] : [added]),
      ],
      body: filled,
      ...(signing === null ? {} : { signing }),
      timeout,
      expect: expectation,
      ...followed,
      ...streamed,
      ...(written.prepare === undefined ? {} : { prepare: written.prepare.place }),
      ...(written.check === undefined ? {} : { check: written.check.place }),
    },
    workload: {
      endpoint: name,
      request: line,
      headers: headers.map(({ name: header, value, digestPlace }) => [
        header,
        isSecretName(header) ? null : asWritten(workshop.document, digestPlace, value),
      ]),
      body: built?.workload ?? null,
      ...(credentials === null ? {} : { auth: credentials.way }),
      // Otherwise the digest is that of earlier versions, which sent the same.
      ...(keepsTypes === true ? { keepsTypes } : {}),
      timeout,
      expect:
        checks.length === 0
          ? expectation
          : { ...expectation, checks: valueAt(workshop.document.value, [...place, 'expect']) },
      ...followed,
      ...streamed,
      // What they do, the digest has from the text of the module.
      ...(written.prepare === undefined ? {} : { prepare: true }),
      ...(written.check === undefined ? {} : { check: true }),
    },
  };
}

/** The headers with the content type that a body says. */
function withContentType(
  headers: readonly PlacedHeader[],
  built: BuiltBody | null,
  place: Path,
  { document, diagnostics }: Workshop,
): readonly PlacedHeader[] {
  if (built?.type == null) return headers;
  const { value, over } = built.type;
  const isType = ({ name }: PlacedHeader) => name === 'content-type';
  const own = headers.find(header => isType(header) && header.place[0] !== 'defaults');
  if (own !== undefined && over === 'all') {
    diagnostics.add({
      code: 'header.reserved',
      where: placeOf(document, own.place),
      found: '"content-type" beside multipart',
    });
  }
  if (own !== undefined || (over === 'none' && headers.some(isType))) return headers;
  return [
    ...headers.filter(header => !isType(header)),
    { name: 'content-type', value, place, digestPlace: place },
  ];
}

/** A path that begins with a hole is a link, which an answer gave. */
function asLink(path: Template): Template {
  const [first, ...rest] = path.expressions;
  if (first === undefined || path.literals[0] !== '') return path;
  return { ...path, expressions: [{ ...first, link: true }, ...rest] };
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
