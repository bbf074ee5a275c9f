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
  if (media !== 'application/json' || longNumber.test(text) || nestsDeeply(text)) return plain;
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

/** Whatever walks through a value that is nested deeper would run out of stack. */
const deepest = 500;

/** Whether lists and objects of a JSON text are nested too deeply to be walked through. */
export function nestsDeeply(json: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isString && character === '\\') at += 1;
    else if (character === '"') isString = !isString;
    else if (isString) continue;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}
