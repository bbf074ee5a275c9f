import { problem } from '../../../model/error.ts';
import type { DataSet, Template } from '../../../model/run/scenario.ts';
import type { Signing, TokenRequest } from '../../../model/run/signing.ts';
import { headerValue } from '../../grammar/header.ts';
import { concatenated, literal } from '../../grammar/template.ts';
import type { WrittenAuth, WrittenSecret } from '../../schema/auth-schema.ts';
import type { Diagnostics } from '../../source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../../source/place.ts';
import { variablesIn } from '../../source/variable.ts';

/** What credentials are made from, and where their mistakes and secrets are kept. */
interface AuthMaterial {
  readonly document: SourceDocument;
  readonly diagnostics: Diagnostics;
  readonly secrets: string[];
  /** Data sets, of which one may hold what commands print. */
  readonly sets: readonly DataSet[];
  /** A program computes its values: what stands there in plain need not stand in a file. */
  readonly isProgram: boolean;
  /** The tokens that were asked for before. */
  readonly tokens: TokenRequest<Template>[];
  readonly template: (text: string, at: Path) => Template;
}

/** What credentials add to a request. */
interface BuiltAuth {
  readonly header: { readonly name: string; readonly value: Template } | null;
  /** A parameter of the query, with its name. */
  readonly query: Template | null;
  readonly signing: Signing<Template> | null;
}

const nothing: BuiltAuth = { header: null, query: null, signing: null };

/** Credentials ready for a request; `at` is their place in the file. */
function buildAuth(auth: WrittenAuth, at: Path, material: AuthMaterial): BuiltAuth {
  const secret = (written: WrittenSecret, ...keys: readonly string[]) =>
    secretTemplate(written, [...at, ...keys], material);
  const { basic, bearer, apiKey, aws, hmac, oauth2 } = auth;
  const authorization = (value: Template): BuiltAuth => ({
    ...nothing,
    header: { name: 'authorization', value },
  });
  if (bearer !== undefined) return authorization(concatenated(['Bearer ', secret(bearer, 'bearer')]));
  if (oauth2 !== undefined)
    return authorization(concatenated(['Bearer ', tokenTemplate(oauth2, at, material)]));
  if (basic !== undefined) {
    const user = material.template(basic.user, [...at, 'basic', 'user']);
    const pair = concatenated([user, ':', secret(basic.password, 'basic', 'password')]);
    return authorization(inBase64(pair));
  }
  if (apiKey !== undefined) {
    const value = secret(apiKey.value, 'apiKey', 'value');
    if (apiKey.header !== undefined) return { ...nothing, header: { name: apiKey.header, value } };
    const literals = value.literals.map(text => encodeURIComponent(text.toWellFormed()));
    const query = concatenated([`${encodeURIComponent(apiKey.query ?? '')}=`, { ...value, literals }]);
    return { ...nothing, query };
  }
  if (aws !== undefined) {
    const { region, service, sessionToken } = aws;
    const signing: Signing<Template> = {
      kind: 'aws',
      region,
      service,
      accessKeyId: secret(aws.accessKeyId, 'aws', 'accessKeyId'),
      secretAccessKey: secret(aws.secretAccessKey, 'aws', 'secretAccessKey'),
      sessionToken: sessionToken === undefined ? null : secret(sessionToken, 'aws', 'sessionToken'),
    };
    return { ...nothing, signing };
  }
  if (hmac === undefined) return nothing;
  const { header, algorithm, encoding, prefix, sign } = hmac;
  const timestamp = hmac.timestamp ?? (sign.includes('timestamp') ? 'x-timestamp' : null);
  const key = secret(hmac.secret, 'hmac', 'secret');
  const signing: Signing<Template> = {
    kind: 'hmac',
    secret: key,
    header,
    algorithm,
    encoding,
    prefix,
    sign,
    timestamp,
  };
  return { ...nothing, signing };
}

/** The credentials of a step: its own, or those of all steps where no header of the step has their place. */
export function authOf(
  { auth }: { readonly auth?: WrittenAuth | 'none' | undefined },
  place: Path,
  headers: readonly { readonly name: string; readonly place: Path }[],
  material: AuthMaterial & { readonly defaults: { readonly auth: WrittenAuth | 'none' } },
): { readonly built: BuiltAuth; readonly way: string } | null {
  const used = auth ?? material.defaults.auth;
  if (used === 'none') return null;
  const at = auth === undefined ? ['defaults', 'auth'] : [...place, 'auth'];
  const built = buildAuth(used, at, material);
  const isReplaced = headers.some(
    ({ name, place: [section] }) => name === built.header?.name && section !== 'defaults',
  );
  return auth === undefined && isReplaced ? null : { built, way: Object.keys(used).join() };
}

/** A path with another parameter in its query; a link has the query that the answer gave it. */
export function withParameter(path: Template, parameter: Template | null): Template {
  if (parameter === null || path.expressions[0]?.link) return path;
  return concatenated([path, path.literals.some(text => text.includes('?')) ? '&' : '?', parameter]);
}

/** What is the same for all is encoded at once. */
function inBase64(pair: Template): Template {
  const [text = ''] = pair.literals;
  if (pair.expressions.length === 0) {
    const encoded = Buffer.from(text.toWellFormed()).toString('base64');
    return { literals: [`Basic ${encoded}`], expressions: [] };
  }
  return {
    literals: ['Basic ', ''],
    expressions: [{ kind: 'joined', template: pair, filters: ['base64'] }],
  };
}

/** A secret stands in no file: it comes from a variable, a template or a command. */
function secretTemplate(written: WrittenSecret, at: Path, material: AuthMaterial): Template {
  const { document, diagnostics, secrets, sets, isProgram, template } = material;
  if (typeof written !== 'string') {
    const set = sets.findIndex(({ ofSecrets }) => ofSecrets === 'commands');
    const column = sets[set]?.columns.indexOf(columnOf(written.command)) ?? -1;
    return { literals: ['', ''], expressions: [{ kind: 'data', set, column }] };
  }
  const source = valueAt(document.value, at);
  const variables = typeof source === 'string' ? variablesIn(source).filter(isVariable) : [];
  const isHeld = variables.length > 0 && variables.every(({ fallback }) => !fallback?.length);
  if (!isHeld && !written.includes('{{') && !isProgram) {
    const expected = 'a variable without a default, a template, or a command that prints the secret';
    diagnostics.add(...problem('secret.literal', { where: placeOf(document, at), expected }).problems);
  }
  // A variable that was read from a file often ends with a line break.
  const text = written.replace(/[\r\n]+$/, '');
  secrets.push(text);
  const where = placeOf(document, at);
  return template(diagnostics.attempt(where, () => headerValue(text)) ?? '', at);
}

/** A token is a column of its row, which is fetched once however many steps ask for it. */
function tokenTemplate(
  oauth2: NonNullable<WrittenAuth['oauth2']>,
  at: Path,
  material: AuthMaterial,
): Template {
  const { document, sets, tokens, diagnostics } = material;
  const { tokenUrl, grant, clientId, clientSecret, user, password, scope, audience, client } = oauth2;
  const own = [...at, 'oauth2'];
  const where = placeOf(document, own);
  const secret = (written: WrittenSecret | undefined, key: string): Template => {
    if (written === undefined) return literal('');
    if (typeof written !== 'string' || !written.includes('{{'))
      return secretTemplate(written, [...own, key], material);
    const expected = 'a variable or a command: the token is fetched before journeys begin';
    diagnostics.add(
      ...problem('value.invalid', { where: placeOf(document, [...own, key]), expected }).problems,
    );
    return literal('');
  };
  const clientKey = secret(clientSecret, 'clientSecret');
  const inHeader = client === 'header' && clientSecret !== undefined;
  const form: [name: string, value: Template][] = [];
  const add = (name: string, value: Template | undefined) => {
    if (value !== undefined) form.push([name, value]);
  };
  const text = (value: string | undefined) => (value === undefined ? undefined : literal(value));
  add('grant_type', literal(grant === 'password' ? 'password' : 'client_credentials'));
  if (!inHeader) add('client_id', literal(clientId));
  if (!inHeader && clientSecret !== undefined) add('client_secret', clientKey);
  add('username', text(user));
  if (password !== undefined) add('password', secret(password, 'password'));
  add('scope', text(scope));
  add('audience', text(audience));
  const request = {
    where,
    url: tokenUrl,
    form,
    client: inHeader ? { id: clientId, secret: clientKey } : null,
  };
  const isSame = (other: TokenRequest<Template>) =>
    JSON.stringify({ ...other, where: '' }) === JSON.stringify({ ...request, where: '' });
  const known = tokens.findIndex(isSame);
  const set = sets.findIndex(({ ofSecrets }) => ofSecrets === 'tokens');
  if (known < 0) {
    tokens.push(request);
    (sets[set]?.columns as string[] | undefined)?.push(`token ${tokens.length}`);
    (sets[set]?.rows[0] as string[] | undefined)?.push('<token>');
  }
  const column = known < 0 ? tokens.length - 1 : known;
  return { literals: ['', ''], expressions: [{ kind: 'data', set, column }] };
}

const isVariable = (part: ReturnType<typeof variablesIn>[number]) => part.kind === 'variable';

/** The name of the column with what a command prints. */
export function columnOf(command: readonly string[]): string {
  return JSON.stringify(command);
}
