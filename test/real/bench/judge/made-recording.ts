import type { BenchFingerprint } from '../../../../bench/fingerprint.ts';
import type { RecordedEndpoint, SlotRecording } from '../../../../bench/judge/slot-recording.ts';
import { uniform } from '../../../../src/stats/random.ts';

/** A machine that nothing was measured on. */
export const machine: BenchFingerprint = {
  ...{
    cpu: 'AMD EPYC',
    cores: 2,
    memoryMb: 24_576,
    os: 'Linux 6.1.2 x64',
    node: '20.20.2',
    plimsoll: '0.1.0',
  },
  ...{ ci: null, targetHost: '127.0.0.1', git: null, nginx: null, busyBefore: [0, 0], generators: {} },
};

/** A recording of two endpoints of which each slot has 30 times, from 1 to 2 ms. */
export function madeRecording(starts = 4, pairs = 36): SlotRecording {
  const endpoints = ['GET /api/bills/:id', 'GET /api/bills'];
  const slot = (start: number, place: number): readonly RecordedEndpoint[] =>
    endpoints.map((_, endpoint) => ({
      requests: 31,
      errors: 1,
      timesUs: Array.from({ length: 30 }, (_, index) =>
        Math.round(1_000 + 1_000 * uniform(start, 2 * place + endpoint, index) ** 3),
      ),
    }));
  return {
    header: {
      ...{ workload: 'one', startedAt: '2026-11-21T12:00:00.000Z', machine, endpoints },
      ...{ slotMs: 250, pairsPerRestart: 18 },
    },
    sessions: Array.from({ length: starts }, () => '2026-11-21T12:00:00.000Z'),
    starts: Array.from({ length: starts }, (_, start) =>
      Array.from({ length: pairs }, (_, pair) => ({
        base: slot(start, 2 * pair),
        head: slot(start, 2 * pair + 1),
      })),
    ),
  };
}

/** The same, but each time in µs says how many slot pairs were recorded before it, from 1,000 on; one time a slot. */
export function countedRecording(sessions: readonly string[], pairs = 36): SlotRecording {
  const { header } = madeRecording(0);
  const slot = (before: number) =>
    header.endpoints.map((): RecordedEndpoint => ({ requests: 1, errors: 0, timesUs: [1_000 + before] }));
  const starts = sessions.map((_, start) =>
    Array.from({ length: pairs }, (_, pair) => {
      const before = start * pairs + pair;
      return { base: slot(before), head: slot(before) };
    }),
  );
  return { header, starts, sessions };
}
