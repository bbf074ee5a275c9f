import type { RunRecord } from '../model/record.ts';

/** What stands where a secret was. */
const redacted = '[redacted]';

/** A shorter value occurs everywhere by chance: replacing it would destroy the text and protect nothing. */
const shortestSecret = 4;

/**
 * A run record whose free text (failure details, request ids, target, command, a worker's last words) holds no secret:
 * each given value goes, raw, percent-encoded, JSON-escaped or in base64, and so do credentials by their place:
 * authorization and cookie headers, passwords in URLs, and query parameters named like one. Values under four
 * characters stay. Endpoint names are not touched, since budgets refer to them.
 */
export function redactRecord(record: RunRecord, secrets: readonly string[]): RunRecord {
  const { header, measurement } = record;
  const clean = redactor(secrets);
  const cleanOrNull = (text: string | null) => (text === null ? null : clean(text));
  const { completion } = measurement;
  return {
    ...record,
    header: { ...header, target: clean(header.target), command: clean(header.command) },
    measurement: {
      ...measurement,
      completion:
        completion.state === 'workerDied' ? { ...completion, reason: clean(completion.reason) } : completion,
      slowest: measurement.slowest.map(slow => ({ ...slow, requestId: cleanOrNull(slow.requestId) })),
      failureSamples: measurement.failureSamples.map(sample => ({ ...sample, detail: clean(sample.detail) })),
    },
  };
}

function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter(secret => secret.length >= shortestSecret).flatMap(formsOf))];
  // Longest first: a secret that begins like another must not leave its tail behind.
  const known = forms.sort((one, other) => other.length - one.length).map(escapeRegExp);
  const anyKnown = known.length > 0 ? new RegExp(known.join('|'), 'g') : null;
  return text => {
    const cleaned = anyKnown ? text.replace(anyKnown, redacted) : text;
    return maskByPlace(cleaned);
  };
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

function maskByPlace(text: string): string {
  return text
    .replaceAll(/([?&;])([^\s?&;=#"'<>]+)=([^\s&;#"'<>]+)/g, (whole, mark: string, name: string) =>
      isCredentialName(name) ? `${mark}${name}=${redacted}` : whole,
    )
    .replaceAll(/(:\/\/)[^\s/@"'<>]+@/g, `$1${redacted}@`)
    .replaceAll(
      /\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]*(?:key|token|secret))(["']?\s*[:=]\s*["']?)[^"'\r\n]+/gi,
      `$1$2${redacted}`,
    )
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{16,}/gi, `$1 ${redacted}`);
}

const credentialWords =
  /^(?:key|keys|apikey|auth|oauth|authorization|sig|sid|pwd|pass|jwt|otp|pin|cookie|cred|creds)$/;
const credentialParts =
  /token|secret|passwo?r?d|signature|credential|session|api_?key|access_?key|private_?key/;

/** Whether a query parameter is named like a credential: `access_token` and `sig` are, `author` and `design` are not. */
function isCredentialName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return credentialParts.test(words) || words.split(/[^a-z]+/).some(word => credentialWords.test(word));
}

function escapeRegExp(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
