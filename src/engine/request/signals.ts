import type { Signal } from '../../model/run/signal.ts';
import { fieldIn } from '../answer/head-fields.ts';
import { cacheReader, type ReadField } from './cache-signal.ts';

/** Reads what a scenario asks for of an answer's head, a number each, NaN where the answer does not say. */
export interface SignalReader {
  readonly count: number;
  read(head: string, into: Float64Array): void;
}

/** The reader of a plan's signals; null where it asks for none, so that no answer is looked at. */
export function signalReader(signals: readonly Signal[]): SignalReader | null {
  if (signals.length === 0) return null;
  const readers = signals.map(readerOf);
  return {
    count: readers.length,
    read(head, into) {
      const lower = head.toLowerCase();
      const field = (name: string) => fieldIn(lower, name);
      readers.forEach((read, index) => {
        into[index] = read(field);
      });
    },
  };
}

/** How each signal is read. */
function readerOf({ name, rule }: Signal): (field: ReadField) => number {
  switch (name) {
    case 'cache':
      return cacheReader(rule);
  }
}
