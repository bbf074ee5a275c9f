import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type OfBoth, sides } from '../../src/model/duet/duet.ts';
import type { BenchFingerprint } from '../fingerprint.ts';
import { type ByteReader, byteReader, byteWriter } from './varint.ts';

/** What one endpoint showed in one slot. */
export interface RecordedEndpoint {
  /** Due, however they ended. */
  readonly requests: number;
  /** Failed or unfinished. */
  readonly errors: number;
  /** Response times in µs, in the order in which they ended. */
  readonly timesUs: readonly number[];
}

/** One pair of slots, one of each instance: endpoints in the order of the recording. */
export type RecordedPair = OfBoth<readonly RecordedEndpoint[]>;

/** What a recording is of. */
export interface RecordingHeader {
  readonly workload: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly machine: BenchFingerprint;
  readonly endpoints: readonly string[];
  readonly slotMs: number;
  /** Those of a restart of this workload. */
  readonly pairsPerRestart: number;
  /** Of the plan that was loaded; absent of recordings from before it was kept. */
  readonly planDigest?: string;
}

/** Slot pairs of two instances of one build, which were started afresh again and again. */
export interface SlotRecording {
  readonly header: RecordingHeader;
  /** One list of pairs each start, in the order in which they were recorded. */
  readonly starts: readonly (readonly RecordedPair[])[];
  /** For each start the moment at which the session it belongs to began: those of one session followed one another. */
  readonly sessions: readonly string[];
}

/** The header as it is stored, where a restart is called a unit. */
type StoredHeader = Omit<RecordingHeader, 'pairsPerRestart'> & {
  readonly pairsPerUnit: number;
  readonly pairs: readonly number[];
  readonly sessions?: readonly string[];
};

/** Writes a recording: its header as a line of JSON, then all numbers as variable-length integers, gzipped. */
export function writeRecording(file: string, { header, starts, sessions }: SlotRecording): void {
  const writer = byteWriter();
  for (const pairs of starts) {
    for (const pair of pairs) {
      for (const side of sides) {
        for (const { requests, errors, timesUs } of pair[side]) {
          for (const number of [requests, errors, timesUs.length, ...timesUs]) writer.add(Math.round(number));
        }
      }
    }
  }
  const { pairsPerRestart: pairsPerUnit, ...rest } = header;
  const pairs = starts.map(({ length }) => length);
  const line = `${JSON.stringify({ ...rest, pairsPerUnit, pairs, sessions })}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, gzipSync(Buffer.concat([Buffer.from(line), writer.bytes()]), { level: 9 }));
  renameSync(`${file}.new`, file);
}

/** Reads what `writeRecording` wrote; throws where it was cut short. A recording that names no sessions is one. */
export function readRecording(file: string): SlotRecording {
  const bytes = gunzipSync(readFileSync(file));
  const end = bytes.indexOf('\n');
  const stored = JSON.parse(bytes.toString('utf8', 0, end)) as StoredHeader;
  const { pairs, sessions, pairsPerUnit, ...rest } = stored;
  const header = { ...rest, pairsPerRestart: pairsPerUnit };
  const reader = byteReader(bytes.subarray(end + 1));
  const count = header.endpoints.length;
  const starts = pairs.map(length =>
    Array.from({ length }, () => ({ base: readSlot(reader, count), head: readSlot(reader, count) })),
  );
  return { header, starts, sessions: sessions ?? pairs.map(() => header.startedAt) };
}

/** The recording with restarts of so many pairs; throws where a start has fewer. */
export function withUnitsOf(recording: SlotRecording, pairsPerRestart: number): SlotRecording {
  const fewest = Math.min(...recording.starts.map(({ length }) => length));
  if (pairsPerRestart <= fewest) return { ...recording, header: { ...recording.header, pairsPerRestart } };
  throw new Error(
    `a restart of ${pairsPerRestart} pairs is longer than a recorded start of ${recording.header.workload}: ${fewest} pairs`,
  );
}

function readSlot(reader: ByteReader, endpoints: number): readonly RecordedEndpoint[] {
  return Array.from({ length: endpoints }, () => {
    const [requests, errors, times] = [reader.next(), reader.next(), reader.next()];
    return { requests, errors, timesUs: Array.from({ length: times }, () => reader.next()) };
  });
}
