/** What a secret is, by its value or by its place, and how a text is written without one. */

import { KnownSecrets, shortestSecret } from './known-secrets.ts';

/** What stands where a secret was. */
export const redacted = '[redacted]';

/** What stands for the value of a flag that is not kept at all. */
const omitted = '***';

const secretWords =
  /^(?:key|keys|apikey|auth|oauth|authorization|sig|sid|pw|pwd|psk|pass|tok|jwt|otp|pin|cookie|cred|creds)$/;
const secretParts =
  /token|secret|passwo?r?d|passphrase|passcode|signature|credential|session|api_?key|access_?key|private_?key/;

/**
 * Whether a header, a query parameter, a form field or a member of JSON is named like a secret: `access_token`,
 * `x-api-key` and `sig` are, `author` and `design` are not.
 */
export function isSecretName(name: string): boolean {
  const words = decoded(name)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return secretParts.test(words) || words.split(/[^a-z]+/).some(word => secretWords.test(word));
}

/** A cookie with another name is a secret from this length on: sessions have all kinds of names, and few are shorter. */
const shortestCookie = 8;

/** The secrets in a header that is named like one: its value, credentials without their scheme and decoded, and cookies. */
export function secretsInHeader(name: string, value: string): readonly string[] {
  if (!isSecretName(name)) return [];
  const credentials = /^(?:basic|bearer|digest|token)\s+(\S.*)$/i.exec(value)?.[1];
  if (credentials !== undefined) return [value, credentials, ...secretsInBasic(value)];
  return /cookie$/i.test(name) ? [value, ...secretsInCookies(value)] : [value];
}

/** What basic credentials hold: user and password together, and the password. */
function secretsInBasic(value: string): readonly string[] {
  const encoded = /^basic\s+([\w+/-]+={0,2})\s*$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon < 0 ? [] : [decoded, decoded.slice(colon + 1)];
}

function secretsInCookies(value: string): readonly string[] {
  return value.split(';').flatMap(pair => {
    const at = pair.indexOf('=');
    const [name, cookie] = [pair.slice(0, at), pair.slice(at + 1).trim()];
    return at > 0 && isSecretCookie(name, cookie) ? [cookie] : [];
  });
}

/** Whether a cookie is a secret: by its name, or by its length. */
export function isSecretCookie(name: string, value: string): boolean {
  return isSecretName(name) || value.length >= shortestCookie;
}

/** The secrets in a path: the values of query parameters that are named like one. */
export function secretsInPath(path: string): readonly string[] {
  return [...path.matchAll(/[?&;]([^?=&;#]*)=([^&;#]+)/g)].flatMap(([, name = '', value = '']) =>
    isSecretName(name) ? [value] : [],
  );
}

/** Each secret once, the longest first, so that none hides a part of another; templates are no secrets. */
export function distinctSecrets(secrets: readonly string[]): readonly string[] {
  const kept = secrets.filter(secret => secret.length >= shortestSecret && !secret.includes('{{'));
  return [...new Set(kept)].sort((a, b) => b.length - a.length);
}

/**
 * Writes texts without secrets. Each given value goes in any form that URLs, JSON, HTML, headers, hexadecimal or base64 give
 * it, and so does what the text itself names like a secret: headers, query parameters, form fields and members of JSON,
 * passwords in URLs, bearer and basic credentials. Values under four characters stay.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  let known: KnownSecrets | undefined;
  return text => {
    known ??= new KnownSecrets(secrets);
    return byPlace(known.replaced(text, redacted));
  };
}

/** A longer run captures more secrets than anyone can look for in every text. */
const mostLearned = 100_000;

/** Writes texts without secrets, of which more become known as time goes by. */
export class LearningRedactor {
  readonly #secrets: Set<string>;
  #clean: ((text: string) => string) | null = null;

  constructor(secrets: readonly string[]) {
    this.#secrets = new Set(secrets);
  }

  readonly learn = (secrets: readonly string[]): void => {
    for (const secret of secrets) {
      if (this.#secrets.size >= mostLearned || this.#secrets.has(secret)) continue;
      this.#secrets.add(secret);
      this.#clean = null;
    }
  };

  /** What is known so far. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  readonly clean = (text: string): string => {
    this.#clean ??= redactor(this.secrets);
    return this.#clean(text);
  };
}

/** A command whose `--header` and `--body` keep nothing but the header's name: they are messages, or parts of one. */
export function withoutMessages(command: string): string {
  let flag: string | undefined;
  return command.replaceAll(shellWord, written => {
    const word = unquoted(written);
    if (flag !== undefined) {
      const shown = quoted(nameAlone(flag, word));
      flag = undefined;
      return shown;
    }
    const [, name, value] = /^--(header|body)(?:=(.*))?$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) return quoted(`--${name}=${nameAlone(name, value)}`);
    flag = name;
    return written;
  });
}

function nameAlone(flag: string, value: string): string {
  const name = flag === 'header' ? /^\s*([\w-]+)\s*:/.exec(value)?.[1] : undefined;
  return name === undefined ? omitted : `${name}: ${omitted}`;
}

/** Each step goes through the text a bounded number of times: it may be whatever a server sends, and megabytes of it. */
function byPlace(text: string): string {
  const atUrls = text
    .replaceAll(/(^|[?&;\s"'])([^\s?&;=#"'<>]+)=([^\s&;#"'<>]+)/g, (whole, mark: string, name: string) =>
      isSecretName(name) ? `${mark}${name}=${redacted}` : whole,
    )
    .replaceAll(/(:\/\/)[^\s/@"'<>]+@/g, `$1${redacted}@`);
  return inMembers(atUrls)
    .replaceAll(
      /(^|[\n"']|(?<![\w-])-H\s*|(?<![\w-])--header[\s=]+)([\w-]+)(\s*:(?!\s*\*\*\*)\s*)[^"'\r\n]+/g,
      (whole, mark: string, name: string, colon: string) =>
        isSecretName(name) ? `${mark}${name}${colon}${redacted}` : whole,
    )
    .replaceAll(
      /\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*[:=](?!\s*\*\*\*)\s*)[^"'\r\n]+/gi,
      `$1$2${redacted}`,
    )
    .replaceAll(/\b(bearer|basic)\s+(?:[\w.~+/=-]{16,}|[\w.~+/=-]+(?=…))/gi, `$1 ${redacted}`);
}

/** Members of JSON, or of what looks like it, with their values up to where these end. */
function inMembers(text: string): string {
  const member = /(["'])([\w-]+)\1\s*:\s*/g;
  let [clean, done] = ['', 0];
  for (let found = member.exec(text); found; found = member.exec(text)) {
    const start = member.lastIndex;
    const end = text[start] === '"' ? endOfString(text, start) : endOfWord(text, start);
    member.lastIndex = end;
    if (end === start || !isSecretName(found[2] ?? '')) continue;
    clean += `${text.slice(done, start)}"${redacted}"`;
    done = end;
  }
  return clean + text.slice(done);
}

/** Behind the string that begins at `start`, however long: a regular expression would run out of stack. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function endOfWord(text: string, start: number): number {
  const word = /[^\s,"'{}[\]]*/y;
  word.lastIndex = start;
  word.test(text);
  return word.lastIndex;
}

/** A word of a command line, in any of a shell's quotes. */
const shellWord = /(?:'[^']*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|\\.|[^\s'"\\])+/gs;

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)|\\(.)/gs,
    (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? '',
  );
}

function quoted(word: string): string {
  return /[\s:*]/.test(word) ? `'${word}'` : word;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
