import type { SeenAnswer } from '../../model/run/description.ts';
import type { ProxyRules } from '../../model/run/plan.ts';
import { type SchemaCheck, schemaChecksIn } from '../../safety/schema-check.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { listIn, mapIn } from '../import/form/foreign-document.ts';
import { mediaTypeOf } from '../import/form/recorded-body.ts';
import { type OpenApiDocument, readOpenApi } from '../import/openapi/openapi-document.ts';
import { operationsOf, serversOf } from '../import/openapi/openapi-operations.ts';
import { type OpenApiPart, resolverOf } from '../import/openapi/openapi-references.ts';
import { documentName, schemaConverter } from './declared-schema.ts';
import { pathMatcher } from './path-matcher.ts';

/** An operation, and what it declares of its answers. */
export interface DescribedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiPart;
}

/** What is wrong with an answer, or why its body could not be looked at. */
export type AnswerFault =
  | { readonly of: 'status' | 'type' | 'body'; readonly detail: string | null }
  | { readonly of: 'unchecked'; readonly detail: string };

/** A description of an API against which runs are held. */
export interface ApiDescription {
  /** The file and its version, for people. */
  readonly source: string;
  readonly operations: readonly DescribedOperation[];
  /** The operation that a request belongs to; its path has no query. */
  readonly find: (method: string, path: string) => DescribedOperation | null;
  /** Whether an operation declares a status; true where it declares none at all. */
  readonly declares: (operation: DescribedOperation, status: number) => boolean;
  /** What of a whole answer is not as declared, or null. */
  readonly fault: (operation: DescribedOperation, answer: SeenAnswer) => AnswerFault | null;
}

/** Reads a description from a file or a URL. */
export async function readDescription(
  from: string,
  cwd: string,
  proxies?: ProxyRules,
): Promise<ApiDescription> {
  return describe(await readOpenApi(from, cwd, proxies));
}

function describe(document: OpenApiDocument): ApiDescription {
  const { root, shown, version } = document;
  const resolved = resolverOf(root);
  const operations = operationsOf(root, resolved).map(
    ({ method, path, operation }): DescribedOperation => ({
      name: printable(`${method} ${path}`, 200),
      ...{ method, path, operation },
    }),
  );
  const responsesOf = ({ operation }: DescribedOperation) => mapIn(operation.responses);
  const responseOf = (operation: DescribedOperation, status: number) => {
    const responses = responsesOf(operation);
    const name = [String(status), `${String(status)[0]}XX`, `${String(status)[0]}xx`, 'default'].find(one =>
      Object.hasOwn(responses, one),
    );
    return name === undefined ? null : resolved(responses[name]);
  };
  const checks = checksOf(document, resolved);
  return {
    source: `${shown} (OpenAPI ${version})`,
    operations,
    find: pathMatcher(
      operations,
      serversOf(document, resolved).map(({ basePath }) => basePath),
    ),
    declares: (operation, status) =>
      Object.keys(responsesOf(operation)).length === 0 || responseOf(operation, status) !== null,
    fault(operation, answer) {
      const { status, contentType, body, method } = answer;
      if (Object.keys(responsesOf(operation)).length === 0) return unchecked('it declares no answers');
      const response = responseOf(operation, status);
      if (response === null) return { of: 'status', detail: null };
      const content = contentOf(response, operation, root);
      if (content === null || method === 'HEAD' || status === 204 || status === 304) return null;
      const media = mediaTypeOf(contentType);
      const declared = mediaIn(content, media);
      if (declared === undefined)
        return { of: 'type', detail: contentType === null ? 'no content-type' : media };
      if (!/[/+]json$/.test(media)) return null;
      const { schema } = resolved(declared);
      if (schema === undefined) return null;
      if (body.kind === 'unread') return unchecked(body.reason);
      return bodyFault(body.text, () => checks(schema));
    },
  };
}

const unchecked = (detail: string): AnswerFault => ({ of: 'unchecked', detail });

/** The media types of an answer; null of one that declares no body. */
function contentOf(response: OpenApiPart, { operation }: DescribedOperation, root: OpenApiPart) {
  if (root.swagger === undefined) {
    const content = mapIn(response.content);
    return Object.keys(content).length === 0 ? null : content;
  }
  if (response.schema === undefined) return null;
  const types = listIn(operation.produces ?? root.produces).map(String);
  const all = types.length === 0 ? ['*/*'] : types;
  return Object.fromEntries(all.map(type => [type, { schema: response.schema }]));
}

/** What is declared of a media type: of itself, or of a range that it is in. */
function mediaIn(content: OpenApiPart, media: string): unknown {
  const entries = Object.entries(content).map(([type, value]) => [mediaTypeOf(type), value] as const);
  const ranges = [media, `${media.split('/', 1)[0]}/*`, '*/*'];
  for (const range of ranges) {
    const found = entries.find(([type]) => type === range);
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** Compiles the schemas of a description, each once, and the description when the first is asked for. */
function checksOf({ root, version }: OpenApiDocument, resolved: ReturnType<typeof resolverOf>) {
  const convert = schemaConverter(version, resolved);
  const known = new Map<unknown, SchemaCheck | null>();
  let compile: ((schema: object) => SchemaCheck) | null = null;
  return (schema: unknown): SchemaCheck | null => {
    const before = known.get(schema);
    if (before !== undefined) return before;
    compile ??= schemaChecksIn(convert(root) as object, {
      name: documentName,
      draft: /^3\.[1-9]/.test(version) ? '2020-12' : '7',
    });
    let check: SchemaCheck | null = null;
    try {
      check = compile(typeof schema === 'object' && schema !== null ? (convert(schema) as object) : {});
    } catch {
      // Nothing can be said of answers to a schema that is none.
    }
    known.set(schema, check);
    return check;
  };
}

function bodyFault(text: string, checkOf: () => SchemaCheck | null): AnswerFault | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { of: 'body', detail: 'it is not JSON' };
  }
  try {
    const check = checkOf();
    if (check === null) return unchecked('its schema cannot be used');
    const mismatch = check(value);
    if (mismatch === null) return null;
    return {
      of: 'body',
      detail: `${mismatch.instancePath || 'the root'} ${mismatch.message ?? 'does not match'}`,
    };
  } catch (error) {
    if (error instanceof RangeError) return unchecked('its schema or the body is nested too deeply');
    throw error;
  }
}
