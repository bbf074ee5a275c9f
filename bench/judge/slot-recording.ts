import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type OfBoth, sides } from '../../src/model/duet.ts';
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
  /** Those of a unit of this workload. */
  readonly pairsPerUnit: number;
}

/** Slot pairs of two instances of one build, which were started afresh again and again. */
export interface SlotRecording {
  readonly header: RecordingHeader;
  /** One list of pairs each start. */
  readonly starts: readonly (readonly RecordedPair[])[];
}

/** Writes a recording: its header as a line of JSON, then all numbers as variable-length integers, gzipped. */
export function writeRecording(file: string, { header, starts }: SlotRecording): void {
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
  const line = `${JSON.stringify({ ...header, pairs: starts.map(({ length }) => length) })}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, gzipSync(Buffer.concat([Buffer.from(line), writer.bytes()]), { level: 9 }));
  renameSync(`${file}.new`, file);
}

/** Reads what `writeRecording` wrote; throws where it was cut short. */
export function readRecording(file: string): SlotRecording {
  const bytes = gunzipSync(readFileSync(file));
  const end = bytes.indexOf('\n');
  const { pairs, ...header } = JSON.parse(bytes.toString('utf8', 0, end)) as RecordingHeader & {
    readonly pairs: readonly number[];
  };
  const reader = byteReader(bytes.subarray(end + 1));
  const count = header.endpoints.length;
  const starts = pairs.map(length =>
    Array.from({ length }, () => ({ base: readSlot(reader, count), head: readSlot(reader, count) })),
  );
  return { header, starts };
}

function readSlot(reader: ByteReader, endpoints: number): readonly RecordedEndpoint[] {
  return Array.from({ length: endpoints }, () => {
    const [requests, errors, times] = [reader.next(), reader.next(), reader.next()];
    return { requests, errors, timesUs: Array.from({ length: times }, () => reader.next()) };
  });
}
