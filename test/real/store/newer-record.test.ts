import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PlimsollError } from '../../../src/model/error.ts';
import type { RunRecord } from '../../../src/model/run/record.ts';
import { branchStore } from '../../../src/store/baselines/branch-store.ts';
import { folderStore } from '../../../src/store/baselines/folder-store.ts';
import { readCalibration, writeCalibration } from '../../../src/store/records/calibration-file.ts';
import { readDuet, writeDuet } from '../../../src/store/records/duet-file.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { indexEntryText, parseIndexEntry } from '../../../src/store/records/index-entry-schema.ts';
import { recordText, writeRecord } from '../../../src/store/records/record-file.ts';
import { parseRecord } from '../../../src/store/records/record-reader.ts';
import { newerText } from '../../../src/words/newer-text.ts';
import { exampleCalibration } from '../../fixtures/calibration.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { inFolder } from './folder.ts';
import { newRepository } from './repository.ts';

type Path = readonly (string | number)[];
type Json = { [key: string | number]: Json };

const record = exampleRecord({ stagesS: [2], warmupS: 1 });

/** A copy of a record with something at a path that may be new. */
function grown(whole: object, ...changes: readonly (readonly [path: Path, value: unknown])[]): string {
  const copy = JSON.parse(JSON.stringify(whole)) as Json;
  for (const [path, value] of changes) {
    const parent = path.slice(0, -1).reduce<Json>((inner, key) => inner[key] as Json, copy);
    Object.defineProperty(parent, path.at(-1) ?? '', { value, enumerable: true, configurable: true });
  }
  return JSON.stringify(copy);
}

const window = ['measurement', 'endpoints', 0, 'windows', 1] as const;
const cache = { hits: 60, of: 120, histogram: record.measurement.generator.sendLag };

/** A record as a later Plimsoll might write it, of the same version. */
const later = grown(
  record,
  [['note'], 'written in 2031'],
  [['header', 'fingerprint', 'gpu'], null],
  [[...window, 'cache'], cache],
  [['measurement', 'endpoints', 1, 'windows', 1, 'cache'], cache],
  [
    ['measurement', 'endpoints', 0, 'seconds', 'hits'],
    [1, 2],
  ],
  [['measurement', 'slowest', 0, 'trace'], { spans: [] }],
);

/** Every object of a JSON value. */
function* objectsIn(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield path;
  for (const [key, inner] of Object.entries(value)) {
    yield* objectsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** Maps whose keys are data, of which every version knows all. */
const isMap = (path: Path) => /^(?:statuses|failed|errors|exhausted)$/.test(String(path.at(-1)));

function known({ newer: _, ...rest }: RunRecord): RunRecord {
  return rest;
}

describe('a run record with parts that a newer Plimsoll added', () => {
  test('is read as if they were not there, and says where they are', () => {
    const read = parseRecord(later, 'later.json');
    assert.deepEqual(known(read), record);
    assert.deepEqual(read.newer?.names, [
      'header.fingerprint.gpu',
      'measurement.endpoints[].windows[].cache',
      'measurement.endpoints[].seconds.hits',
      'measurement.slowest[].trace',
      'note',
    ]);
    assert.ok(read.newer, 'it is told apart from a record of this version');
    assert.match(newerText(read.newer), /^written by a newer Plimsoll: 5 parts of it are not known here: /);
  });
  test('is written again with them, in a folder and on the branch', async () => {
    await inFolder(async folder => {
      const read = parseRecord(later, 'later.json');
      const file = await writeRecord(folder, read);
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(later));
      const stores = [
        folderStore(join(folder, 'runs')),
        branchStore(newRepository(join(folder, 'code')).git),
      ];
      for (const store of stores) {
        await store.save([read]);
        const [stored] = (await store.list()).runs;
        assert.ok(stored, `${store.kind} lists it`);
        const mark = store.kind === 'dir' ? { baseline: {} } : {};
        assert.deepEqual(stored.entry, indexEntryOf({ ...read, ...mark }, stored.entry.recordBytes));
        const again = await store.read(stored);
        assert.deepEqual(JSON.parse(recordText(again)), { ...JSON.parse(later), ...mark }, store.kind);
      }
    });
  });
  test('keeps whatever they are, wherever they are', () => {
    const whole = JSON.parse(JSON.stringify(record));
    const places = [...objectsIn(whole)].filter(path => !isMap(path));
    const key = fc.constantFrom('zz', 'gpu2', '__proto__', 'constructor', 'a.b', 'ümlaut', 'newer', '0');
    const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).filter(one => isHarmless(one));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), key, value), { minLength: 1, maxLength: 4 }),
        added => {
          const text = grown(
            record,
            ...added.map(([path, name, inner]) => [[...path, name], inner] as const),
          );
          const read = parseRecord(text, 'grown.json');
          assert.deepEqual(known(read), record);
          assert.deepEqual(JSON.parse(recordText(read)), JSON.parse(text));
        },
      ),
      { numRuns: 60 },
    );
  });
  test('counts failures of kinds that only a newer one knows', () => {
    const [one] = record.measurement.endpoints;
    const counts = one?.windows[1]?.counts;
    assert.ok(counts, 'the example has a stage');
    const failing = exampleRecord({
      stagesS: [2],
      warmupS: 1,
      endpoints: [{ name: 'GET /api/bills', rate: 60, medianMs: 12, failures: { reset: 0.5 } }],
    });
    const renamed = JSON.stringify(failing).replaceAll('"reset"', '"streamReset"');
    const read = parseRecord(renamed, 'later.json');
    assert.deepEqual(read.newer?.names, ['measurement.endpoints[].windows[].counts.failed.streamReset']);
    assert.equal(read.measurement.failureSamples[0]?.kind, 'streamReset');
    const { total } = indexEntryOf(read);
    assert.equal(total.errors, indexEntryOf(failing).total.errors);
    assert.deepEqual(JSON.parse(recordText(read)), JSON.parse(renamed));
  });
  test('has no power over what shows their names', () => {
    const odd = grown(
      record,
      [['\u001b[31m@everyone <b>\n'], 1],
      [['header', 'k'.repeat(1_000_000)], 1],
      ...Array.from({ length: 40 }, (_, index) => [['measurement', `part${index}`], index] as const),
    );
    const { newer } = parseRecord(odd, 'odd.json');
    assert.ok(newer, 'there is something unknown');
    const text = newerText(newer);
    assert.ok(text.length < 1_000, `${text.length} characters`);
    assert.match(text, /^written by a newer Plimsoll: 42 parts of it are not known here: .* and 37 more$/);
    assert.ok(!/\p{C}/u.test(newer.names.join()), 'control characters are escaped');
  });
  test('brings no secret into a file, by name, by value or below a name', async () => {
    const text = grown(
      record,
      [['header', 'apiKey'], 'plain-as-day'],
      [['measurement', 'tls'], { session: { ticket: ['abc123'], reused: 12 } }],
      [
        ['measurement', 'curl'],
        'curl -H "Authorization: Bearer abcdefghijklmnop1234" https://u:pw1234@host/?token=t0k3n',
      ],
      [['measurement', 'Bearer abcdefghijklmnop1234'], 1],
      [['measurement', 'pins'], { pin: cache.histogram, count: 3 }],
    );
    await inFolder(async folder => {
      const written = await readFile(await writeRecord(folder, parseRecord(text, 'secrets.json')), 'utf8');
      for (const secret of ['plain-as-day', 'abc123', 'abcdefghijklmnop1234', 'pw1234', 't0k3n']) {
        assert.ok(!written.includes(secret), `${secret} is gone`);
      }
      const { measurement } = JSON.parse(written);
      assert.deepEqual(measurement.tls, { session: { ticket: ['[redacted]'], reused: 12 } });
      assert.deepEqual(measurement.pins, { pin: cache.histogram, count: 3 });
    });
  });
});

describe('a record of a later version', () => {
  test('is read as far as it goes, and written again as that version', async () => {
    await inFolder(async folder => {
      const text = grown(record, [['schemaVersion'], 7], [['measurement', 'energy'], { joules: 12 }]);
      const read = parseRecord(text, 'later.json');
      assert.deepEqual(known(read), record);
      assert.equal(read.newer?.schemaVersion, 7);
      assert.deepEqual(JSON.parse(recordText(read)), JSON.parse(text));
      const bare = parseRecord(grown(record, [['schemaVersion'], 7]), 'later.json');
      assert.equal(bare.newer && newerText(bare.newer), 'written by a newer Plimsoll');

      const duet = grown(exampleDuet(), [['schemaVersion'], 3], [['restarts', 0, 'heat'], 40]);
      await writeFile(join(folder, 'duet.json'), duet);
      const file = await writeDuet(join(folder, 'duets'), await readDuet(join(folder, 'duet.json')));
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(duet));

      const calibration = grown(exampleCalibration(), [['schemaVersion'], 3], [['findings', 'drift'], 0.1]);
      await writeFile(join(folder, 'calibration.json'), calibration);
      const kept = await writeCalibration(folder, await readCalibration(join(folder, 'calibration.json')));
      assert.deepEqual(JSON.parse(await readFile(kept, 'utf8')), JSON.parse(calibration));
    });
  });
  test('that lacks what is needed here says who wrote it, where it differs, and to update', () => {
    const text = grown(record, [['schemaVersion'], 7], [['measurement', 'load'], 'moved elsewhere']);
    assert.throws(
      () => parseRecord(text, 'later.json'),
      (error: unknown) => {
        assert.ok(error instanceof PlimsollError, String(error));
        assert.equal(error.problems[0]?.code, 'record.newer-version');
        assert.match(error.message, /^later\.json: measurement\.load: .*\n {2}found {5}"moved elsewhere"\n/);
        assert.match(error.message, /instead {3}update Plimsoll: a newer one wrote this record/);
        return true;
      },
    );
  });
  test('that contradicts itself is refused like any other', () => {
    const text = grown(record, [['schemaVersion'], 7], [[...window, 'counts', 'due'], 7]);
    assert.throws(() => parseRecord(text, 'later.json'), /windows\[1\]\.counts: .*due 7, but ok 120/s);
  });
  test('has an index entry that is used where it suffices, and made anew where it does not', () => {
    const entry = indexEntryOf(record);
    assert.deepEqual(parseIndexEntry(indexEntryText(entry)), entry);
    assert.deepEqual(parseIndexEntry(grown(entry, [['schemaVersion'], 2], [['total', 'cache'], {}])), entry);
    assert.equal(parseIndexEntry(grown(entry, [['schemaVersion'], 2], [['total'], 'elsewhere'])), null);
  });
});

/** Whether no text in a value could be taken for a secret, so that it is kept to the letter. */
function isHarmless(value: unknown): boolean {
  return !/[=:@]|bearer|basic|key|auth|sig|sid|pwd|pass|jwt|otp|pin|cookie|cred|token|secret|session/i.test(
    JSON.stringify(value).replaceAll(/[{},[\]]|":|-?\d+/g, ''),
  );
}
