import { problem } from '../../../model/error.ts';
import { carriedHeaders } from '../form/carried-headers.ts';
import { listIn, mapIn, readForeign, textIn } from '../form/foreign-document.ts';
import { ofOneHost, type PlacedRequest } from '../form/import-of.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported, ImportedBody, ImportedPair } from '../form/imported.ts';
import { type ImportedText, plainOf, sentText, textWithHoles } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { recordedBody } from '../form/recorded-body.ts';
import { isSafeMethod, mayChange, uploadsFile } from '../form/safe-method.ts';
import { variableName } from '../form/secret-variables.ts';
import { templatedUrl } from '../form/templated-url.ts';

type Part = { readonly [name: string]: unknown };

/** Variables may stand for others, so deep. */
const deepest = 5;
/** Folders may lie in others, so deep. */
const deepestFolder = 50;

/** The requests of a Postman collection (version 2), in a journey for each of its folders. */
export async function importPostman(file: string, { cwd, includesWrites }: ImportOptions): Promise<Imported> {
  const { shown, value } = await readForeign(file, cwd);
  const collection = mapIn(mapIn(value).collection ?? value);
  const info = mapIn(collection.info);
  if (!Array.isArray(collection.item)) {
    const found = mapIn(value).requests === undefined ? 'no list item' : 'a collection of version 1';
    throw problem('import.other-format', {
      where: shown,
      found,
      expected: 'a Postman collection of version 2.1',
    });
  }
  const omissions = new Omissions();
  const fill = variablesOf(collection.variable);
  const title = textIn(info.name) ?? 'collection';
  const folders = [
    {
      name: title,
      item: collection.item.filter(one => !Array.isArray(mapIn(one).item)),
      auth: collection.auth,
    },
    ...collection.item.map(mapIn).filter(({ item }) => Array.isArray(item)),
  ];
  const journeys = folders.map(folder => ({
    name: textIn(folder.name) ?? 'folder',
    weight: 1,
    steps: requestsIn(folder, collection.auth, 0).flatMap(({ item, auth }): readonly PlacedRequest[] => {
      const name = textIn(item.name) ?? 'a request without a name';
      if (
        listIn(item.event).some(
          event =>
            listIn(mapIn(mapIn(event).script).exec)
              .join('')
              .trim() !== '',
        )
      ) {
        omissions.add(name, 'without their scripts');
      }
      const request = requestOf(item.request, auth, fill);
      if (typeof request === 'string') omissions.add(name, request);
      else if (!includesWrites && !isSafeMethod(request.method)) omissions.add(name, mayChange);
      else return [{ ...request, name }];
      return [];
    }),
  }));
  const placed = ofOneHost(journeys, omissions);
  return {
    ...placed,
    source: `${shown} (Postman, ${title})`,
    title,
    stages: null,
    isRecorded: true,
    omissions,
  };
}

interface Item {
  readonly item: Part;
  readonly auth: unknown;
}

/** The requests of a folder and of those in it, each with the credentials that hold for it. */
function requestsIn(folder: Part, inherited: unknown, depth: number): readonly Item[] {
  if (depth > deepestFolder) return [];
  const auth = folder.auth ?? inherited;
  return listIn(folder.item)
    .map(mapIn)
    .flatMap(item => (Array.isArray(item.item) ? requestsIn(item, auth, depth + 1) : [{ item, auth }]));
}

type Fill = (text: string) => ImportedText;

/** Fills in the variables of a collection; what it does not know is a variable of the environment. */
function variablesOf(list: unknown): Fill {
  const known = new Map(
    listIn(list)
      .map(mapIn)
      .flatMap(({ key, value, disabled }) => {
        const text = textIn(value);
        return disabled === true || text === null || text === '' ? [] : [[textIn(key) ?? '', text] as const];
      }),
  );
  const fill = (text: string, depth: number): ImportedText =>
    textWithHoles(text, name => {
      const value = known.get(name);
      return value === undefined || depth > deepest
        ? [{ kind: 'variable', name: variableName(name) }]
        : fill(value, depth + 1);
    });
  return text => fill(text, 0);
}

type Request = Omit<PlacedRequest, 'name'>;

function requestOf(written: unknown, inherited: unknown, fill: Fill): Request | string {
  const request = typeof written === 'string' ? { url: written } : mapIn(written);
  const { method, header, body, auth = inherited } = request as Part;
  const url = urlOf(request.url, fill);
  if (url === null) return 'since it has no URL of http or https';
  const credentials = credentialsOf(auth, fill);
  if (typeof credentials === 'string') return credentials;
  const headers = [...carriedHeaders(pairsOf(header, fill)), ...credentials];
  const type = headers.find(({ name }) => name === 'content-type')?.value;
  const sent = bodyOf(mapIn(body), type === undefined ? null : plainOf(type), fill);
  if (typeof sent === 'string') return sent;
  return {
    kind: 'request',
    method: (textIn(method) ?? 'GET').toUpperCase(),
    ...url,
    headers,
    body: sent,
    captures: [],
  };
}

function urlOf(url: unknown, fill: Fill) {
  const { raw, variable } = mapIn(url);
  const text = typeof url === 'string' ? url : textIn(raw);
  if (text === null) return null;
  const segments = new Map(
    listIn(variable)
      .map(mapIn)
      .map(({ key, value }) => [textIn(key) ?? '', textIn(value) ?? '']),
  );
  const named = text.replaceAll(/\/:([A-Za-z_][\w-]*)/g, (whole, name: string) => {
    const value = segments.get(name);
    return value === undefined || value === '' ? (segments.has(name) ? `/{{${name}}}` : whole) : `/${value}`;
  });
  return templatedUrl(fill(named));
}

function pairsOf(list: unknown, fill: Fill): readonly ImportedPair[] {
  return listIn(list)
    .map(mapIn)
    .flatMap(({ key, value, disabled }) => {
      const name = textIn(key);
      return name === null || disabled === true ? [] : [{ name, value: fill(textIn(value) ?? '') }];
    });
}

/** The body, or why it cannot be carried over. */
function bodyOf(
  { mode, disabled, ...body }: Part,
  type: string | null,
  fill: Fill,
): ImportedBody | null | string {
  if (mode === undefined || disabled === true) return null;
  if (mode === 'urlencoded') return { kind: 'form', fields: pairsOf(body.urlencoded, fill) };
  if (mode === 'formdata') {
    const isFile = listIn(body.formdata).some(
      field => mapIn(field).type === 'file' && mapIn(field).disabled !== true,
    );
    return isFile ? uploadsFile : { kind: 'multipart', fields: pairsOf(body.formdata, fill) };
  }
  if (mode === 'graphql') {
    const { query, variables } = mapIn(body.graphql);
    const read = parsed(textIn(variables) ?? '');
    return {
      kind: 'json',
      json: { query: textIn(query) ?? '', ...(read === undefined ? {} : { variables: read }) },
    };
  }
  if (mode !== 'raw') return uploadsFile;
  const raw = textIn(body.raw) ?? '';
  if (raw === '') return null;
  const isJson = mapIn(mapIn(body.options).raw).language === 'json' || parsed(raw) !== undefined;
  const media = type ?? (isJson ? 'application/json' : 'text/plain');
  const text = fill(raw);
  const plain = plainOf(text);
  return plain === null ? { kind: 'text', type: media, text } : recordedBody(media, plain);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The headers that prove who asks, or why they cannot be made. */
function credentialsOf(auth: unknown, fill: Fill): readonly ImportedPair[] | string {
  const { type, ...kinds } = mapIn(auth);
  if (type === undefined || type === 'noauth') return [];
  const values = new Map(
    listIn(kinds[String(type)])
      .map(mapIn)
      .map(({ key, value }) => [textIn(key), textIn(value) ?? '']),
  );
  const of = (name: string) => fill(values.get(name) ?? '');
  const authorization = (value: ImportedText) => [{ name: 'authorization', value }];
  const known = (text: ImportedText, name: string): ImportedText =>
    text.length > 0 ? text : [{ kind: 'variable', name: variableName(name) }];
  if (type === 'bearer') return authorization([...sentText('Bearer '), ...known(of('token'), 'token')]);
  if (type === 'oauth2') return authorization([...sentText('Bearer '), ...known(of('accessToken'), 'token')]);
  if (type === 'basic') {
    const [user, password] = [plainOf(of('username')), plainOf(of('password'))];
    const isKnown = user !== null && password !== null && user !== '';
    return authorization(
      isKnown
        ? sentText(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
        : [...sentText('Basic '), { kind: 'variable', name: variableName('basic credentials') }],
    );
  }
  if (type === 'apikey' && values.get('in') !== 'query')
    return [{ name: values.get('key') || 'x-api-key', value: known(of('value'), 'key') }];
  return `since its credentials are ${String(type)}`;
}
