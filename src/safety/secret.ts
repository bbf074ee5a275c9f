/** What a secret is, by its value or by its place, and how a text is written without one. */

/** What stands where a secret was. */
export const redacted = '[redacted]';

/** What stands for the value of a flag that is not kept at all. */
const omitted = '***';

/** A shorter value occurs everywhere by chance: replacing it would destroy the text and protect nothing. */
const shortestSecret = 4;

const secretWords =
  /^(?:key|keys|apikey|auth|oauth|authorization|sig|sid|pwd|pass|jwt|otp|pin|cookie|cred|creds)$/;
const secretParts = /token|secret|passwo?r?d|signature|credential|session|api_?key|access_?key|private_?key/;

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

/** The secrets in a header that is named like one: its value, and the credentials without their scheme. */
export function secretsInHeader(name: string, value: string): readonly string[] {
  if (!isSecretName(name)) return [];
  const credentials = /^(?:basic|bearer|digest|token)\s+(\S.*)$/i.exec(value)?.[1];
  return credentials === undefined ? [value] : [value, credentials];
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
 * Writes texts without secrets. Each given value goes, raw, percent-encoded, JSON-escaped or in base64, and so does what
 * the text itself names like a secret: headers, query parameters, form fields and members of JSON, passwords in URLs,
 * bearer and basic credentials. Values under four characters stay.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter(secret => secret.length >= shortestSecret).flatMap(formsOf))];
  // Longest first: a secret that begins like another must not leave its tail behind.
  const known = forms.sort((one, other) => other.length - one.length).map(escapeRegExp);
  const anyKnown = known.length > 0 ? new RegExp(known.join('|'), 'g') : null;
  return text => byPlace(anyKnown ? text.replace(anyKnown, redacted) : text);
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

/** The ways in which a value is written in a URL, in JSON, and in a basic authorization. */
function formsOf(secret: string): readonly string[] {
  const whole = Buffer.from(secret).toString();
  const encoded = encodeURIComponent(whole);
  const strict = encoded.replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const percent = [encoded, strict, encodeURI(whole), strict.replaceAll('%20', '+')];
  const lower = percent.map(form => form.replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase()));
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, ...percent, ...lower, json, json.replaceAll('/', '\\/'), base64];
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
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{16,}/gi, `$1 ${redacted}`);
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

function escapeRegExp(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
