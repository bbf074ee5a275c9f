import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Calibration } from '../../../src/model/duet/calibration.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import type { ErrorCode } from '../../../src/model/error-table.ts';
import {
  calibrationFor,
  readCalibration,
  writeCalibration,
} from '../../../src/store/records/calibration-file.ts';
import { writeDuet } from '../../../src/store/records/duet-file.ts';
import { exampleCalibration } from '../../fixtures/calibration.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { inFolder } from './folder.ts';

const isProblem = (code: ErrorCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PlimsollError, String(error));
  assert.equal(error.problems[0]?.code, code);
  assert.match(error.message, words);
  return true;
};

let example: Calibration;
/** The same, of too few starts to know how far they differ. */
let few: Calibration;
/** The same, of an API that runs already. */
let inRounds: Calibration;
before(() => {
  example = exampleCalibration();
  const { findings } = example;
  few = { ...example, restarts: example.restarts.slice(0, 2), findings: { ...findings, startSpread: null } };
  inRounds = {
    ...example,
    contestant: { kind: 'url', url: 'http://localhost:4010' },
    layout: { ...example.layout, repeat: 'round' },
    findings: { ...findings, spreads: [], startSpread: null },
  };
});

const nothing = { calibration: null, startSpread: null, skipped: [] };

const withHeader = (changes: Partial<Calibration['header']>): Calibration => ({
  ...example,
  header: { ...example.header, ...changes },
});

const onHost = (targetHost: string) =>
  withHeader({ fingerprint: { ...example.header.fingerprint, targetHost } });

const onMachine = (changes: Partial<Calibration['header']['fingerprint']>) =>
  withHeader({ id: 'other', fingerprint: { ...example.header.fingerprint, ...changes } });

describe('a written calibration', () => {
  test('is read back as it was, from a folder that is made for it, and nothing else is left there', async () => {
    await inFolder(async folder => {
      const calibrations = join(folder, 'out', 'calibrations');
      const file = await writeCalibration(calibrations, example);
      assert.deepEqual(await readdir(calibrations), [basename(file)]);
      assert.deepEqual(await readCalibration(file), example);
    });
  });

  test('is found for its workload on a machine alike, and for no other', async () => {
    await inFolder(async folder => {
      const file = await writeCalibration(folder, example);
      const { digest, fingerprint } = example.header;
      const header = { digest, fingerprint: { ...fingerprint, plimsoll: '9.9.9', git: null } };
      const alike = { ...example, header };
      const found = await calibrationFor(folder, alike);
      assert.deepEqual(found.calibration, await readCalibration(file));
      assert.deepEqual(found.startSpread, example.findings.startSpread);
      assert.ok(found.startSpread, 'twenty starts tell how far they differ');
      for (const other of [
        { digest: 'another', fingerprint },
        { digest, fingerprint: { ...fingerprint, cpu: 'another' } },
        { digest, fingerprint: { ...fingerprint, cores: fingerprint.cores + 1 } },
      ]) {
        assert.deepEqual(await calibrationFor(folder, { ...example, header: other }), nothing);
      }
      assert.deepEqual(await calibrationFor(join(folder, 'none'), alike), nothing);
    });
  });

  test('of starts tells how far they differ to rounds of whatever host on its machine, and of nothing else', async () => {
    await inFolder(async folder => {
      await writeCalibration(folder, example);
      const header = onHost('localhost').header;
      const rounds = { header, layout: inRounds.layout, looks: inRounds.looks };
      const known = { calibration: null, startSpread: example.findings.startSpread, skipped: [] };
      assert.deepEqual(await calibrationFor(folder, rounds), known);
      const trial: Calibration = { ...few, header: { ...few.header, startedAt: '2026-09-01T00:00:00.000Z' } };
      await writeCalibration(folder, trial);
      assert.deepEqual(await calibrationFor(folder, rounds), known);
      const ofRounds = { ...inRounds, header: { ...header, startedAt: '2026-09-02T00:00:00.000Z' } };
      await writeCalibration(folder, ofRounds);
      const both = await calibrationFor(folder, rounds);
      assert.deepEqual([both.calibration, both.startSpread], [ofRounds, known.startSpread]);
    });
  });

  test('is preferred of the same layout, then of twenty restarts or more, then the latest', async () => {
    await inFolder(async folder => {
      const at = (calibration: Calibration, id: string, startedAt: string): Calibration => ({
        ...calibration,
        header: { ...calibration.header, id, startedAt },
      });
      const otherSlot = { ...example, layout: { ...example.layout, slotMs: 50 } };
      const otherPairs = { ...example, layout: { ...example.layout, pairsPerRestart: 30 } };
      const bestId = async () => (await calibrationFor(folder, example)).calibration?.header.id;
      await writeCalibration(
        folder,
        at({ ...few, layout: otherPairs.layout }, 'trial', '2026-09-04T00:00:00Z'),
      );
      assert.equal(await bestId(), 'trial');
      await writeCalibration(folder, at(otherSlot, 'early', '2026-09-01T00:00:00Z'));
      assert.equal(await bestId(), 'early');
      await writeCalibration(folder, at(otherPairs, 'late', '2026-09-03T00:00:00Z'));
      assert.equal(await bestId(), 'late');
      await writeCalibration(folder, at(few, 'same layout', '2026-08-01T00:00:00Z'));
      assert.equal(await bestId(), 'same layout');
      await writeCalibration(folder, at(example, 'best', '2026-07-01T00:00:00Z'));
      assert.equal(await bestId(), 'best');
    });
  });

  test('is not replaced by a trial, by rounds, by another layout or by another host', async () => {
    await inFolder(async folder => {
      const first = await writeCalibration(folder, example);
      const others = [
        few,
        inRounds,
        onHost('api.test'),
        { ...example, layout: { ...example.layout, slotMs: 50 } },
        { ...example, layout: { ...example.layout, pairsPerRestart: 12 } },
        { ...example, layout: { ...example.layout, load: { model: 'closed', users: 3 } } },
      ] as const;
      const files = new Set([first]);
      for (const [index, other] of others.entries()) {
        const startedAt = `2026-09-0${index + 1}T00:00:00.000Z`;
        files.add(await writeCalibration(folder, { ...other, header: { ...other.header, startedAt } }));
      }
      assert.equal(files.size, 1 + others.length);
      assert.deepEqual(await readCalibration(first), example);
    });
  });

  test('takes the place of the earlier one of its workload and machine, and of no other', async () => {
    await inFolder(async folder => {
      const first = await writeCalibration(folder, example);
      const other = await writeCalibration(folder, onMachine({ cpu: 'another' }));
      const later = withHeader({ id: 'later', startedAt: '2026-09-01T00:00:00.000Z' });
      assert.equal(await writeCalibration(folder, later), first);
      assert.deepEqual((await readdir(folder)).sort(), [basename(first), basename(other)].sort());
      assert.equal((await calibrationFor(folder, example)).calibration?.header.id, 'later');
    });
  });

  test('that cannot be written says where and why', async () => {
    await inFolder(async folder => {
      await writeFile(join(folder, 'file'), '');
      await assert.rejects(
        writeCalibration(join(folder, 'file'), example),
        isProblem('output.unwritable', /file/),
      );
    });
  });
});

describe('a damaged calibration', () => {
  test('is named, skipped and left as it is', async () => {
    await inFolder(async folder => {
      const whole = await writeCalibration(folder, example);
      const damaged = join(folder, 'aaa.json');
      const half = (await readFile(whole, 'utf8')).slice(0, 500);
      await writeFile(damaged, half);
      const { calibration, skipped } = await calibrationFor(folder, example);
      assert.equal(calibration?.header.id, example.header.id);
      assert.deepEqual(
        skipped.map(one => one.file),
        [damaged],
      );
      assert.match(skipped[0]?.error.message ?? '', /aaa\.json.*damaged/);
      await writeCalibration(folder, example);
      assert.equal(await readFile(damaged, 'utf8'), half);
    });
  });

  test('is told with the path of what is wrong', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'one.json');
      const wrong: readonly (readonly [change: (text: string) => string, words: RegExp])[] = [
        [text => text.replace('"delayed":"base"', '"delayed":"left"'), /restarts\[0\]\.delayed/],
        [
          text => text.replace('"schemaVersion":2', '"schemaVersion":3').replace('"policy":', '"rules":'),
          /: policy: [\s\S]*update Plimsoll: a newer one wrote this record/,
        ],
        [text => text.replace('"accused":0', '"accused":50'), /falseAlarms/],
        [text => text.replace(/"startSpread":\{[^}]*\},/, ''), /findings\.startSpread/],
      ];
      const written = await readFile(await writeCalibration(join(folder, 'in'), example), 'utf8');
      for (const [change, words] of wrong) {
        assert.notEqual(change(written), written);
        await writeFile(file, change(written));
        await assert.rejects(
          readCalibration(file),
          isProblem(`${words}`.includes('newer') ? 'record.newer-version' : 'record.corrupt', words),
        );
      }
    });
  });

  test('is not a duet', async () => {
    await inFolder(async folder => {
      const file = await writeDuet(folder, exampleDuet({ restarts: 1 }));
      await assert.rejects(
        readCalibration(file),
        isProblem('record.other-kind', /a duet, which compares two sides/),
      );
    });
  });
});
