import type { CaptureSource } from '../../model/run/scenario.ts';
import type { TextSearch } from '../../safety/linear-pattern.ts';
import { cookieIn, fieldValues } from './head-fields.ts';
import { type FoundValue, firstQueried, type JsonAnswer, valueAtPath } from './json-query.ts';
import type { MarkupSearch } from './markup.ts';

/** What values are captured from. */
export interface CapturedAnswer {
  /** Status line and header fields. */
  readonly head: string;
  /** The body as text; empty where no capture reads it. */
  readonly text: string;
  /** The body as JSON; null where no capture reads it so. */
  readonly json: JsonAnswer | null;
}

/** A capture with its regular expression made ready. */
export type ReadyCapture = CaptureSource & {
  readonly name: string;
  readonly search: TextSearch | null;
  /** Of one with a selector. */
  readonly markup: MarkupSearch | null;
  /** Everything that uses it can hold null; elsewhere `null` would be sent as a word. */
  readonly keepsNull: boolean;
};

/** What a capture found: a value as it is kept, or why there is none. */
export type Captured =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** Its text, or its JSON as it was written. */
      readonly kept: string;
      readonly isJson: boolean;
    }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Each user on a journey keeps its captures: as much as a header block may hold, which does not add up to much over many. */
const longestCapture = 65_536;

/** Reads what a capture asks for. */
export function capturedFrom(answer: CapturedAnswer, capture: ReadyCapture): Captured {
  const { name, search, keepsNull } = capture;
  const found = foundIn(answer, capture);
  if (typeof found === 'string') return nothing(found);
  if (found === undefined || (found.value === null && !keepsNull))
    return nothing(`nothing to capture as ${name}`);
  const { value, written } = found;
  const tooLarge = written?.tooLarge ?? null;
  if (tooLarge !== null)
    return nothing(`the number ${shortened(tooLarge)} is too large to capture as ${name}`);
  const isText = typeof value === 'string';
  const whole = isText ? value : (written?.text ?? JSON.stringify(value));
  const kept = search === null ? whole : search(whole);
  if (kept === null) return nothing(`nothing matches the pattern of ${name}`);
  if (kept.length > longestCapture) {
    return nothing(`${kept.length} characters to capture as ${name}: at most ${longestCapture} are kept`);
  }
  const isJson = !isText && search === null;
  return { kind: 'value', value: isJson ? value : kept, kept, isJson };
}

function nothing(reason: string): Captured {
  return { kind: 'nothing', reason };
}

/** The value; undefined where there is none, and a text that says why nothing was looked for. */
function foundIn(answer: CapturedAnswer, capture: ReadyCapture): FoundValue | string | undefined {
  const { head, text, json } = answer;
  if ('select' in capture) {
    const found = capture.markup?.(answer);
    return typeof found === 'string'
      ? `${found}, to capture as ${capture.name}`
      : found && asFound(found.value);
  }
  if ('header' in capture) return asFound(fieldValues(head, capture.header).join(', ') || null);
  if ('cookie' in capture) return asFound(cookieIn(head, capture.cookie));
  if ('body' in capture) return asFound(text);
  if (json === null) return undefined;
  return 'path' in capture ? valueAtPath(json, capture.path) : firstQueried(json, capture.query);
}

function asFound(value: string | null): FoundValue | undefined {
  return value === null ? undefined : { value, written: undefined };
}

function shortened(number: string): string {
  return number.length > 40 ? `${number.slice(0, 39)}…` : number;
}
