/** A way in which a secret may be written; base64 of a longer text shares characters with what stands beside the secret. */
export interface SecretForm {
  readonly text: string;
  /** Whether the base64 character in front of it, or behind it, holds some of the secret's bits. */
  readonly before: boolean;
  readonly behind: boolean;
}

/** A line of a secret of several lines, such as a PEM file, is a secret of its own from this length on. */
const shortestLine = 16;

/** The ways in which a value is written: as it is, in a URL, JSON, HTML, a JSON pointer, a header, hexadecimal and base64. */
export function formsOf(secret: string): readonly SecretForm[] {
  const whole = secret.toWellFormed();
  const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter(isSecretLine) : [];
  const json = JSON.stringify(whole).slice(1, -1);
  // What is encoded as a whole, such as credentials or a message, may hold the value in a URL or in JSON.
  const encoded = [...new Set([whole, encodeURIComponent(whole), json])].map(text => Buffer.from(text));
  const texts = [
    secret,
    whole,
    ...lines,
    ...inUrls(whole),
    ...inJson(secret),
    ...inJson(json),
    ...inHtml(whole),
    // A header's value stays on its line, and is read byte by byte.
    whole.replaceAll(/[\r\n\0]/g, ' '),
    Buffer.from(whole).toString('latin1'),
    ...encoded.flatMap(inHex),
  ];
  const all = texts.flatMap(text => [text, inPointer(text)]);
  return [
    ...[...new Set(all)].map(text => ({ text, before: false, behind: false })),
    ...encoded.flatMap(inBase64).flatMap(form => [form, { ...form, text: inPointer(form.text) }]),
  ];
}

function inHex(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

function isSecretLine(line: string): boolean {
  return line.length >= shortestLine && !line.startsWith('-----');
}

function inUrls(text: string): readonly string[] {
  const encoded = encodeURIComponent(text);
  const strict = encoded.replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const forms = [encoded, strict, encodeURI(text), strict.replaceAll('%20', '+'), form];
  const lower = forms.map(form => form.replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase()));
  return [...forms, ...lower];
}

function inJson(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(
    /[^\0-\x7f]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [json, ascii, json.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')];
}

function inHtml(text: string): readonly string[] {
  const basic = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = basic.replaceAll('"', '&quot;');
  const apostrophes = ['&#39;', '&#x27;', '&#039;', '&apos;'].map(entity => quoted.replaceAll("'", entity));
  return [basic, quoted, ...apostrophes];
}

function inPointer(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * Base64 and base64url, of the secret alone and within a longer text: of the three ways in which it may lie across the
 * groups of three bytes, the characters that hold nothing else.
 */
function inBase64(bytes: Buffer): readonly SecretForm[] {
  return [0, 1, 2].flatMap(offset => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    const core = encoded.slice(from, to);
    const isWhole = (offset + bytes.length) % 3 === 0;
    const forms = [{ text: core, before: offset > 0, behind: !isWhole }];
    if (offset === 0) forms.push({ text: encoded, before: false, behind: false });
    return forms.flatMap(form => [
      form,
      { ...form, text: form.text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') },
    ]);
  });
}
