import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportedPair } from '../form/imported.ts';
import type { ImportedText } from '../form/imported-text.ts';
import { variableName } from '../form/secret-variables.ts';
import type { OpenApiParts } from './openapi-parts.ts';

/** What a request says for its caller to be known: variables of the environment in headers and in the query. */
export interface Credentials {
  readonly headers: readonly ImportedPair[];
  readonly query: readonly ImportedPair[];
}

const variable = (name: string): ImportedText => [{ kind: 'variable', name: variableName(name) }];
const behind = (text: string, name: string): ImportedText => [{ kind: 'plain', text }, ...variable(name)];

/** The credentials that an operation needs, in the first way that it accepts; none if it can do without. */
export function credentialsOf(
  security: unknown,
  schemes: { readonly [name: string]: unknown },
  { resolved }: OpenApiParts,
): Credentials {
  const ways = listIn(security).map(way => Object.keys(mapIn(way)));
  const [names = []] = ways.some(way => way.length === 0) ? [] : ways;
  const headers: ImportedPair[] = [];
  const query: ImportedPair[] = [];
  for (const scheme of names.map(name => resolved(schemes[name]))) {
    const name = textIn(scheme.name) ?? 'authorization';
    const kind = textIn(scheme.scheme)?.toLowerCase() ?? scheme.type;
    if (scheme.type === 'apiKey' && scheme.in === 'query') query.push({ name, value: variable(name) });
    else if (scheme.type === 'apiKey' && scheme.in === 'cookie')
      headers.push({ name: 'cookie', value: behind(`${name}=`, name) });
    else if (scheme.type === 'apiKey') headers.push({ name, value: variable(name) });
    else if (kind === 'basic')
      headers.push({ name: 'authorization', value: behind('Basic ', 'basic credentials') });
    else if (['bearer', 'oauth2', 'openIdConnect'].includes(String(kind)))
      headers.push({ name: 'authorization', value: behind('Bearer ', 'token') });
  }
  return { headers, query };
}
