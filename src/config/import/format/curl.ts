import { parseArgs } from 'node:util';
import { split } from 'shlex';
import { problem } from '../../../model/error.ts';
import { carriedHeaders } from '../form/carried-headers.ts';
import { importOf, type PlacedRequest } from '../form/import-of.ts';
import type { Imported, ImportedBody, ImportedPair } from '../form/imported.ts';
import { sentText } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { recordedBody } from '../form/recorded-body.ts';
import { recordedUrl } from '../form/recorded-url.ts';

/** The flags of curl that take a value, and those of them that a scenario understands. */
const understood: { readonly [name: string]: string | null } = {
  ...{ request: 'X', header: 'H', data: 'd', 'data-raw': null, 'data-ascii': null, 'data-binary': null },
  ...{ 'data-urlencode': null, json: null, form: 'F', 'form-string': null, user: 'u', 'user-agent': 'A' },
  ...{ cookie: 'b', referer: 'e', url: null, 'upload-file': 'T', 'oauth2-bearer': null, 'url-query': null },
};
const unheeded: { readonly [name: string]: string | null } = {
  ...{
    output: 'o',
    'cookie-jar': 'c',
    'max-time': 'm',
    proxy: 'x',
    config: 'K',
    'write-out': 'w',
    cert: 'E',
  },
  ...{ key: null, cacert: null, capath: null, range: 'r', 'time-cond': 'z', 'continue-at': 'C', retry: null },
  ...{ 'connect-timeout': null, 'dump-header': 'D', 'proxy-user': 'U', resolve: null, 'connect-to': null },
  ...{ 'unix-socket': null, interface: null, ciphers: null, 'limit-rate': null, 'max-redirs': null },
  ...{ 'retry-delay': null, 'retry-max-time': null, 'cert-type': null, 'key-type': null, pass: null },
};
/** Without a value, and of a meaning here. */
const switches: { readonly [name: string]: string | null } = { get: 'G', head: 'I', compressed: null };
/** Without a value, and of none for a request. */
const quiet = {
  location: 'L',
  silent: 's',
  'show-error': 'S',
  verbose: 'v',
  include: 'i',
  insecure: 'k',
  fail: 'f',
};
const alsoQuiet = [
  'globoff',
  'http1.1',
  'http2',
  'no-progress-meter',
  'path-as-is',
  'fail-with-body',
  'no-buffer',
];

const optionsOf = (names: { readonly [name: string]: string | null }, type: 'string' | 'boolean') =>
  Object.fromEntries(
    Object.entries(names).map(([name, short]) => [name, short === null ? { type } : { type, short }]),
  );

const options = {
  ...optionsOf({ ...understood, ...unheeded }, 'string'),
  ...optionsOf(
    { ...switches, ...quiet, ...Object.fromEntries(alsoQuiet.map(name => [name, null])) },
    'boolean',
  ),
};

interface Word {
  readonly name: string;
  readonly value: string;
}

/** The requests of curl's command lines, in order. Its flags are parsed here, for the package that knows all of them needs a compiler. */
export function importCurl(commands: readonly string[]): Imported {
  const omissions = new Omissions();
  const steps = commands.map(command => requestOf(command, omissions));
  return importOf({
    source: commands.length === 1 ? 'a curl command' : `${commands.length} curl commands`,
    title: null,
    steps,
    omissions,
  });
}

function requestOf(command: string, omissions: Omissions): PlacedRequest {
  const words = wordsOf(command);
  const all = (name: string) => words.flatMap(word => (word.name === name ? [word.value] : []));
  const has = (name: string) => words.some(word => word.name === name);
  const [written, ...others] = [...all('url'), ...all('')];
  if (written === undefined || others.length > 0) {
    throw refused(
      `${others.length === 0 ? 'no URL' : `${others.length + 1} URLs`}`,
      'one URL in each command',
    );
  }
  const url = recordedUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`);
  if (url === null) throw refused('an address that is not of http or https', 'an http or https URL');
  const data = words.filter(({ name }) => /^(?:data|json)/.test(name)).map(word => dataOf(word));
  const headers = [...all('header').flatMap(headerOf), ...impliedHeaders(words)];
  const isForm = has('form') || has('form-string');
  const isQuery = has('get');
  const method = (
    all('request').at(-1) ?? usualMethod(has('head'), data.length > 0 || isForm, isQuery)
  ).toUpperCase();
  for (const name of Object.keys(unheeded))
    if (has(name)) omissions.add(`--${name}`, 'as a flag without a meaning here');
  for (const { name } of words.filter(({ name }) => name.startsWith('?')))
    omissions.add(name.slice(1), 'as an unknown flag');
  const upload = uploadOf(words);
  if (upload !== null)
    omissions.add(`${upload} of ${method} ${written.replace(/[?#].*/s, '')}`, 'as a file that is uploaded');
  const text = data.join(has('json') ? '' : '&');
  const type =
    plainHeader(headers, 'content-type') ??
    (has('json') ? 'application/json' : 'application/x-www-form-urlencoded');
  const fields = fieldsOf(words);
  const own: ImportedBody | null = data.length === 0 || isQuery ? null : recordedBody(type, text);
  const body: ImportedBody | null = fields.length > 0 ? { kind: 'multipart', fields } : own;
  const query =
    isQuery && data.length > 0
      ? [...new URLSearchParams(text)].map(([name, value]) => ({ name, value: sentText(value) }))
      : [];
  const { origin, path, route } = url;
  return {
    ...{ kind: 'request', method, origin, path, route, query: [...url.query, ...query] },
    headers: carriedHeaders(headers),
    ...{ body, name: null, captures: [] },
  };
}

function usualMethod(isHead: boolean, hasBody: boolean, isQuery: boolean): string {
  if (isHead) return 'HEAD';
  return hasBody && !isQuery ? 'POST' : 'GET';
}

/** The flags of a command with their values, in order; what is no flag has no name, and what is unknown a question mark. */
function wordsOf(command: string): readonly Word[] {
  let args: readonly string[];
  try {
    // What a shell would join is one line.
    args = split(command.replaceAll(/\\\r?\n/g, ' '));
  } catch (cause) {
    throw refused(
      `quotes that do not match: ${(cause as Error).message}`,
      'a command as a POSIX shell takes it',
    );
  }
  const [curl, ...rest] = args;
  if (curl === undefined || !/(?:^|\/)curl(?:\.exe)?$/.test(curl)) {
    throw refused(
      curl === undefined ? 'nothing' : 'another command',
      "a command that begins with curl, in single quotes: 'curl …'",
    );
  }
  const { tokens } = parseArgs({ args: rest, options, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token): readonly Word[] => {
    if (token.kind === 'positional') return [{ name: '', value: token.value }];
    if (token.kind !== 'option') return [];
    return [
      {
        name: Object.hasOwn(options, token.name) ? token.name : `?${token.rawName}`,
        value: token.value ?? '',
      },
    ];
  });
}

const isFile = ({ name, value }: Word) => name === 'form' && /^[^=]*=[@<]/.test(value);

/** The first flag that uploads a file; null if none does. */
function uploadOf(words: readonly Word[]): string | null {
  const found = words.find(word => word.name === 'upload-file' || isFile(word));
  return found === undefined ? null : `--${found.name}`;
}

/** The fields of a form of several parts, without its files. */
function fieldsOf(words: readonly Word[]): readonly ImportedPair[] {
  return words.flatMap(word => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word.value) ?? [];
    if (!['form', 'form-string'].includes(word.name) || isFile(word)) return [];
    return name === undefined || value === undefined ? [] : [{ name, value: sentText(value) }];
  });
}

/** What a flag of data adds to the body. */
function dataOf({ name, value }: Word): string {
  const isLiteral = name === 'data-raw';
  if (!isLiteral && (name === 'data-urlencode' ? /^[^=]*@/ : /^@/).test(value)) {
    throw refused(`--${name}, which reads a file`, 'the data itself');
  }
  if (name !== 'data-urlencode')
    return name === 'data-raw' || name === 'json' || name === 'data-binary'
      ? value
      : value.replaceAll(/[\r\n]/g, '');
  const at = value.indexOf('=');
  const field = at <= 0 ? '' : `${value.slice(0, at)}=`;
  return field + encodeURIComponent(value.slice(at + 1).toWellFormed());
}

function headerOf(text: string): readonly ImportedPair[] {
  const [, name, value] = /^([^:;]+)(?::(.*)|;)$/s.exec(text) ?? [];
  return name === undefined || value === undefined || value.trim() === ''
    ? []
    : [{ name, value: sentText(value.trim()) }];
}

/** The headers that other flags stand for. */
function impliedHeaders(words: readonly Word[]): readonly ImportedPair[] {
  return words.flatMap(({ name, value }) => {
    const header = (of: string, text: string) => [{ name: of, value: sentText(text) }];
    if (name === 'user') return header('authorization', `Basic ${Buffer.from(value).toString('base64')}`);
    if (name === 'oauth2-bearer') return header('authorization', `Bearer ${value}`);
    if (name === 'cookie' && value.includes('=')) return header('cookie', value);
    if (name === 'compressed') return header('accept-encoding', 'gzip, deflate, br');
    if (name === 'json') return header('accept', 'application/json');
    return [];
  });
}

function plainHeader(headers: readonly ImportedPair[], name: string): string | null {
  const part = headers.findLast(header => header.name.toLowerCase() === name)?.value[0];
  return part?.kind === 'plain' ? part.text : null;
}

function refused(found: string, expected: string) {
  return problem('command.invalid-value', { where: '--curl', found, expected });
}
