import type { EndpointWindow } from '../../model/run/record.ts';
import type { Fault } from './stored-record.ts';

/** What is told twice of the signals of a window must be told alike: blocks add up, and no more than all ok answers told. */
export function* signalFaults({ signals, blocks, counts }: EndpointWindow, path: string): Generator<Fault> {
  for (const [name, { told, sum, blockTold, blockSum }] of Object.entries(signals ?? {})) {
    const at = `${path}.signals.${name}`;
    if (told > counts.ok) {
      yield { path: `${at}.told`, found: String(told), expected: `at most the ${counts.ok} ok answers` };
    }
    for (const [key, total, values] of [
      ['blockTold', told, blockTold],
      ['blockSum', sum, blockSum],
    ] as const) {
      const inside = `${at}.${key}`;
      if (values.length !== blocks.length) {
        const expected = `${blocks.length}: one for each block`;
        yield { path: inside, found: `${values.length} values`, expected };
      }
      const all = values.reduce((partial, value) => partial + value, 0);
      // What is added up need not be whole, and binary fractions lose a little.
      if (Math.abs(all - total) > 1e-6 * Math.max(1, total)) {
        yield { path: inside, found: `${all} in all`, expected: `the ${total} of the window` };
      }
    }
  }
}
