import type { JsonPlace, StreamRule } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';
import { holdsSomething } from '../answer/json-query.ts';
import type { EventText } from './event-text.ts';
import type { StreamNotes } from './stream-notes.ts';

/** A streamed answer made ready to be read. */
export interface ReadyStream {
  /** Index into the plan's endpoints. */
  readonly endpoint: number;
  readonly format: StreamRule['format'];
  /** Whether an event counts as the first; null where any does. */
  readonly isFirst: ((text: EventText) => boolean) | null;
  /** Whether an event is the one that must come; null where none must. */
  readonly isEnd: ((text: EventText) => boolean) | null;
  readonly idleUs: Micros | null;
  readonly listenUs: Micros | null;
  readonly notes: StreamNotes;
  /** Whether an answer with such a status is read as a stream. */
  expects(status: number): boolean;
}

/** Makes a rule ready; a redirect is no stream. */
export function readyStream(
  endpoint: number,
  rule: StreamRule,
  expects: (status: number) => boolean,
  notes: StreamNotes,
): ReadyStream {
  const { format, first, end, idle, listen } = rule;
  return {
    endpoint,
    format,
    isFirst: first && (text => holdsSomething(text.content, first)),
    isEnd: end && endTest(end),
    idleUs: idle === null ? null : micros(millisToMicros(idle)),
    listenUs: listen === null ? null : micros(millisToMicros(listen)),
    notes,
    expects: status => expects(status) && (status < 300 || status > 399),
  };
}

function endTest(end: { readonly text: string } | JsonPlace): (text: EventText) => boolean {
  if (!('text' in end)) return text => holdsSomething(text.content, end);
  const expected = Buffer.from(end.text);
  return text => text.is(expected);
}
