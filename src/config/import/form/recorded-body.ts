import type { ImportedBody } from './imported.ts';
import { sentText } from './imported-text.ts';
import { queryPairs } from './recorded-url.ts';

/** A double cannot say such a number as it is written. */
const longNumber = /(?<![\w."])-?\d[\d.]{15,}/;

/** A body by its media type: what reads as JSON or a form becomes one, and all else stays text. */
export function recordedBody(type: string | null, text: string): ImportedBody {
  const plain: ImportedBody = { kind: 'text', type, text: sentText(text) };
  const media = mediaTypeOf(type);
  if (media === 'application/x-www-form-urlencoded') {
    const isPairs = /^(?:[^=&\s]+=[^&\s]*)(?:&[^=&\s]+=[^&\s]*)*$/.test(text);
    return isPairs ? { kind: 'form', fields: queryPairs(text) } : plain;
  }
  if (media !== 'application/json' || longNumber.test(text)) return plain;
  try {
    return { kind: 'json', json: JSON.parse(text) };
  } catch {
    return plain;
  }
}

/** A media type without its parameters, in lower case. */
export function mediaTypeOf(type: string | null): string {
  return (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
