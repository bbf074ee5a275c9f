import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PlimsollError } from '../../../src/model/error.ts';
import type { EncodedHistogram } from '../../../src/model/record.ts';
import { readHeader, readRecord } from '../../../src/store/record-reader.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { inFolder } from './folder.ts';

const record = exampleRecord({ stagesS: [2], warmupS: 1 });
const whole = JSON.stringify(record);

/** A copy of the record, damaged at one place. */
function damaged(path: readonly (string | number)[], value: unknown): string {
  const copy = JSON.parse(whole);
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(copy);
}

async function errorOf(reading: Promise<unknown>): Promise<PlimsollError> {
  try {
    await reading;
  } catch (error) {
    assert.ok(error instanceof PlimsollError, String(error));
    return error;
  }
  assert.fail('it was read without an error');
}

const firstWindow = ['measurement', 'endpoints', 0, 'windows', 1] as const;
const sound = record.measurement.endpoints[0]?.windows[1]?.histograms.response ?? '';
const cut = sound.slice(0, 40) as EncodedHistogram;

const damages: readonly (readonly [
  what: string,
  path: readonly (string | number)[],
  value: unknown,
  says: RegExp,
])[] = [
  ['a newer version', ['schemaVersion'], 2, /schemaVersion: .*\n {2}found {5}2\n.*newer Plimsoll/s],
  ['no version', ['schemaVersion'], undefined, /found {5}none/],
  ['an unknown key', ['header', 'verdict'], 'pass', /: header: .*"verdict"/s],
  ['a missing key', ['header', 'scenario'], undefined, /: header\.scenario: .*found {5}nothing/s],
  ['a time that is none', ['header', 'startedAt'], 'yesterday', /: header\.startedAt: .*"yesterday"/s],
  [
    'a negative count',
    [...firstWindow, 'counts', 'ok'],
    -1,
    /: measurement\.endpoints\[0\]\.windows\[1\]\.counts\.ok: .*found {5}-1/s,
  ],
  [
    'counts that do not add up',
    [...firstWindow, 'counts', 'due'],
    7,
    /windows\[1\]\.counts: .*due 7, but ok 120 \+ failed 0 \+ unfinished 0/s,
  ],
  ['a failure of no kind', [...firstWindow, 'counts', 'failed', 'bored'], 1, /windows\[1\]\.counts\.failed/],
  [
    'a histogram that is cut',
    [...firstWindow, 'histograms', 'response'],
    cut,
    /histograms\.response: .*does not decode/s,
  ],
  [
    'a block that is cut',
    [...firstWindow, 'blocks', 3],
    cut,
    /windows\[1\]\.blocks\[3\]: .*does not decode/s,
  ],
  ['a send lag that is cut', ['measurement', 'generator', 'sendLag'], cut, /generator\.sendLag: /],
  [
    'fewer windows in an endpoint',
    ['measurement', 'endpoints', 0, 'windows'],
    [],
    /endpoints\[0\]\.windows: .*found {5}0 values\n {2}expected {2}2: one for each window/s,
  ],
  [
    'fewer block errors than blocks',
    [...firstWindow, 'blockErrors'],
    [0],
    /windows\[1\]\.blockErrors: .*1 values/s,
  ],
  [
    'fewer completions than blocks',
    [...firstWindow, 'blockCompleted'],
    [0],
    /windows\[1\]\.blockCompleted: /,
  ],
  [
    'seconds of unequal length',
    ['measurement', 'endpoints', 1, 'seconds', 'p95Us'],
    [1],
    /endpoints\[1\]\.seconds\.p95Us/,
  ],
  [
    'an endpoint named twice',
    ['measurement', 'endpoints', 1, 'name'],
    'GET /api/bills',
    /endpoints\[1\]\.name: .*each name once/s,
  ],
];

describe('a damaged run record', () => {
  for (const [what, path, value, says] of damages) {
    test(`with ${what} is refused, naming the file, the place and what is wrong`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, damaged(path, value));
        const error = await errorOf(readRecord(file));
        assert.equal(error.problems[0]?.code, 'record.corrupt');
        assert.equal(error.exitCode, 2);
        assert.ok(error.message.startsWith(file));
        assert.match(error.message, says);
      });
    });
  }
  test('that breaks off anywhere is refused', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'record.json');
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async length => {
          await writeFile(file, whole.slice(0, length));
          assert.equal((await errorOf(readRecord(file))).problems[0]?.code, 'record.corrupt');
        }),
        { numRuns: 40 },
      );
    });
  });
  test('tells at most five problems', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'record.json');
      await writeFile(
        file,
        damaged(
          [...firstWindow, 'blocks'],
          Array.from({ length: 10 }, () => cut),
        ),
      );
      assert.equal((await errorOf(readRecord(file))).problems.length, 5);
    });
  });
});

describe('what is no run record', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an empty file', '', /an empty file/],
    ['a list', '[1]', /found {5}\[1\]/],
    ['a summary or other JSON', '{"verdict":"pass"}', /schemaVersion: /],
    ['plain text', 'hello', /JSON that breaks off or is damaged/],
  ];
  for (const [what, content, says] of cases) {
    test(`such as ${what}, is refused`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, content);
        const error = await errorOf(readRecord(file));
        assert.equal(error.problems[0]?.code, 'record.corrupt');
        assert.match(error.message, says);
      });
    });
  }
  test('such as a folder, or nothing at all, is told as such', async () => {
    await inFolder(async folder => {
      assert.equal((await errorOf(readRecord(folder))).problems[0]?.code, 'file.unreadable');
      const missing = await errorOf(readRecord(join(folder, 'none.json')));
      assert.equal(missing.problems[0]?.code, 'file.missing');
      assert.equal((await errorOf(readHeader(join(folder, 'none.json')))).problems[0]?.code, 'file.missing');
    });
  });
  test('such as a file of 300 MB, is refused without being read', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'huge.json');
      const handle = await open(file, 'w');
      await handle.truncate(300 * 1024 * 1024);
      await handle.close();
      const error = await errorOf(readRecord(file));
      assert.match(error.message, /300 MB/);
      assert.equal(error.problems[0]?.code, 'record.corrupt');
    });
  });
});
