import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import type { OpenApiPart, Resolve } from './openapi-references.ts';

/** One operation of a description. */
export interface OpenApiOperation {
  /** In capitals. */
  readonly method: string;
  /** As it is written: `/pets/{petId}`. */
  readonly path: string;
  /** The first of its tags. */
  readonly tag: string;
  readonly operation: OpenApiPart;
  readonly parameters: readonly OpenApiPart[];
}

const methods = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace', 'query'];

/** The operations of a description, in its order. */
export function operationsOf({ paths }: OpenApiPart, resolved: Resolve): readonly OpenApiOperation[] {
  return Object.entries(mapIn(paths)).flatMap(([path, given]) => {
    if (!path.startsWith('/')) return [];
    const item = resolved(given);
    const others = Object.entries(mapIn(item.additionalOperations));
    const all = [
      ...methods.flatMap(method => (method in item ? [[method, item[method]] as const] : [])),
      ...others,
    ];
    return all.map(([method, value]): OpenApiOperation => {
      const operation = resolved(value);
      const named = new Map<string, OpenApiPart>();
      for (const parameter of [...listIn(item.parameters), ...listIn(operation.parameters)].map(resolved)) {
        named.set(`${String(parameter.in)} ${String(parameter.name)}`, parameter);
      }
      const tag = textIn(listIn(operation.tags)[0]) ?? 'operations';
      return { method: method.toUpperCase(), path, tag, operation, parameters: [...named.values()] };
    });
  });
}

/** Where an API is: scheme, host and port, and the path that all requests begin with. */
export interface OpenApiServer {
  readonly origin: string | null;
  readonly basePath: string;
}

/** Where a description says that the API is, one for each of its servers; the first is the usual one. */
export function serversOf(
  { root, url }: OpenApiDocument,
  resolved: Resolve,
): readonly [OpenApiServer, ...OpenApiServer[]] {
  const [first, ...others] = root.swagger === undefined ? listIn(root.servers) : [];
  const written = (server: unknown) => {
    const { url: template, variables } = resolved(server);
    return (textIn(template) ?? '').replaceAll(
      /\{([^{}]*)\}/g,
      (_, name: string) => textIn(mapIn(mapIn(variables)[name]).default) ?? '',
    );
  };
  const scheme = listIn(root.schemes).includes('https') || root.schemes === undefined ? 'https' : 'http';
  const host = textIn(root.host);
  const usual =
    root.swagger === undefined
      ? written(first)
      : `${host === null ? '' : `${scheme}://${host}`}${textIn(root.basePath) ?? ''}`;
  return [serverAt(usual, url), ...others.map(server => serverAt(written(server), url))];
}

function serverAt(written: string, url: string | null): OpenApiServer {
  const base = url ?? 'http://unknown.invalid/';
  const read = URL.canParse(written, base) ? new URL(written, base) : new URL(base);
  if (read.protocol !== 'http:' && read.protocol !== 'https:') return { origin: null, basePath: '' };
  const isKnown = url !== null || URL.canParse(written);
  return {
    origin: isKnown ? read.origin : null,
    basePath: written === '' ? '' : read.pathname.replace(/\/$/, ''),
  };
}
