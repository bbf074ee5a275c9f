import type { Signal } from '../../model/run/signal.ts';
import { fieldIn } from '../answer/head-fields.ts';
import { cacheReader } from './cache-signal.ts';

/** Reads what a scenario asks for of an answer's head, a number each, NaN where the answer does not say. */
export interface SignalReader {
  readonly count: number;
  read(head: string, into: Float64Array): void;
}

/** The reader of those signals of a plan that headers tell, which come first; null of none, so that no answer is looked at. */
export function signalReader(signals: readonly Signal[]): SignalReader | null {
  const readers = signals.flatMap(signal => (signal.name === 'cache' ? [cacheReader(signal.rule)] : []));
  if (readers.length === 0) return null;
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
