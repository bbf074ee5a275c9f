import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { appendLine, readLines } from '../../../../bench/judge/json-lines.ts';
import { readRecording, writeRecording } from '../../../../bench/judge/slot-recording.ts';
import { byteReader, byteWriter } from '../../../../bench/judge/varint.ts';
import { madeRecording } from './made-recording.ts';

const inFolder = (act: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-recording-'));
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('a recording of slots', () => {
  it('is read as it was written', () =>
    inFolder(folder => {
      const recording = madeRecording();
      const file = join(folder, 'results', 'slots.gz');
      writeRecording(file, recording);
      assert.deepEqual(readRecording(file), recording);
    }));
  it('is refused where it was cut short', () =>
    inFolder(folder => {
      const file = join(folder, 'slots.gz');
      writeRecording(file, madeRecording());
      writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).subarray(0, -1)));
      assert.throws(() => readRecording(file), /cut short/);
    }));
  it('keeps any integer', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(Number.MAX_SAFE_INTEGER)), integers => {
        const writer = byteWriter();
        for (const integer of integers) writer.add(integer);
        const reader = byteReader(writer.bytes());
        assert.deepEqual(
          integers.map(() => reader.next()),
          integers,
        );
        assert.throws(() => reader.next(), RangeError);
      }),
    );
  });
});

describe('a file of JSON lines', () => {
  it('grows, and is empty before it exists', () =>
    inFolder(folder => {
      const file = join(folder, 'results', 'lines.jsonl');
      assert.deepEqual(readLines(file), []);
      appendLine(file, { first: 1 });
      appendLine(file, ['second\n']);
      assert.deepEqual(readLines(file), [{ first: 1 }, ['second\n']]);
    }));
});
