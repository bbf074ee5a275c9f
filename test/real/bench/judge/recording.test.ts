import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { appendLine, readLines } from '../../../../bench/judge/json-lines.ts';
import { isOfOneKind } from '../../../../bench/judge/record.ts';
import {
  readRecording,
  type SlotRecording,
  withUnitsOf,
  writeRecording,
} from '../../../../bench/judge/slot-recording.ts';
import { byteReader, byteWriter } from '../../../../bench/judge/varint.ts';
import { machine, madeRecording } from './made-recording.ts';

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
  it('is of one session where it names none', () =>
    inFolder(folder => {
      const file = join(folder, 'slots.gz');
      const { sessions: _, ...before } = madeRecording(2);
      writeRecording(file, before as SlotRecording);
      const moment = '2026-11-21T12:00:00.000Z';
      assert.deepEqual(readRecording(file).sessions, [moment, moment]);
    }));
  for (const [workload, pairs] of [
    ['one', 18],
    ['four', 36],
  ] as const) {
    it(`is read from bench/results, as it was stored for the workload ${workload}`, () => {
      const { header } = readRecording(`bench/results/slots-${workload}.gz`);
      assert.deepEqual([header.workload, header.pairsPerRestart], [workload, pairs]);
    });
  }
  it('has restarts of as many pairs as asked, and not of more than a start has', () => {
    assert.equal(withUnitsOf(madeRecording(), 36).header.pairsPerRestart, 36);
    assert.throws(() => withUnitsOf(madeRecording(), 37), /37 pairs is longer .* 36 pairs/);
  });
  it('takes in starts of the same plan on such a machine alone', () => {
    const { header } = madeRecording();
    const [one, other] = [
      { ...header, planDigest: 'a' },
      { ...header, planDigest: 'b' },
    ];
    assert.equal(isOfOneKind(one, one), true);
    assert.equal(isOfOneKind(one, other), false);
    assert.equal(isOfOneKind(header, other), true);
    assert.equal(isOfOneKind(one, { ...one, pairsPerRestart: 36 }), false);
    assert.equal(isOfOneKind(one, { ...one, machine: { ...machine, cores: 4 } }), false);
  });
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
      assert.deepEqual(readLines(file, assert.fail), []);
      appendLine(file, { first: 1 });
      appendLine(file, ['second\n']);
      assert.deepEqual(readLines(file, assert.fail), [{ first: 1 }, ['second\n']]);
    }));
  it('names lines that cannot be read, and keeps those before and behind them', () =>
    inFolder(folder => {
      const file = join(folder, 'lines.jsonl');
      writeFileSync(file, '{"first":1}\nnull\n{"cut":');
      appendLine(file, { last: 1 });
      const said: string[] = [];
      assert.deepEqual(
        readLines(file, line => said.push(line)),
        [{ first: 1 }, { last: 1 }],
      );
      assert.deepEqual(said, [
        `${file}:2 cannot be read and is left out`,
        `${file}:3 cannot be read and is left out`,
      ]);
    }));
});
