import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Calibration } from '../../../src/model/calibration.ts';
import { type ErrorCode, PlimsollError } from '../../../src/model/error.ts';
import { calibrationFor, readCalibration, writeCalibration } from '../../../src/store/calibration-file.ts';
import { writeDuet } from '../../../src/store/duet-file.ts';
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
before(() => {
  example = exampleCalibration();
});

const withHeader = (changes: Partial<Calibration['header']>): Calibration => ({
  ...example,
  header: { ...example.header, ...changes },
});

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
      const alike = { digest, fingerprint: { ...fingerprint, plimsoll: '9.9.9', git: null } };
      const found = await calibrationFor(folder, alike);
      assert.equal(found.file, file);
      assert.deepEqual(found.calibration?.findings.startSpread, example.findings.startSpread);
      assert.ok(found.calibration?.findings.startSpread, 'twenty starts tell how far they differ');
      for (const other of [
        { digest: 'another', fingerprint },
        { digest, fingerprint: { ...fingerprint, cpu: 'another' } },
        { digest, fingerprint: { ...fingerprint, cores: fingerprint.cores + 1 } },
        { digest, fingerprint: { ...fingerprint, targetHost: 'api.test' } },
      ]) {
        assert.deepEqual(await calibrationFor(folder, other), { calibration: null, file: null, skipped: [] });
      }
      const nowhere = await calibrationFor(join(folder, 'none'), alike);
      assert.deepEqual(nowhere, { calibration: null, file: null, skipped: [] });
    });
  });

  test('takes the place of the earlier one of its workload and machine, and of no other', async () => {
    await inFolder(async folder => {
      const first = await writeCalibration(folder, example);
      const other = await writeCalibration(folder, onMachine({ cpu: 'another' }));
      const later = withHeader({ id: 'later', startedAt: '2026-09-01T00:00:00.000Z' });
      assert.equal(await writeCalibration(folder, later), first);
      assert.deepEqual((await readdir(folder)).sort(), [basename(first), basename(other)].sort());
      assert.equal((await calibrationFor(folder, example.header)).calibration?.header.id, 'later');
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
      const { calibration, file, skipped } = await calibrationFor(folder, example.header);
      assert.equal(file, whole);
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
        [text => text.replace('"delayed":"base"', '"delayed":"left"'), /units\[0\]\.delayed/],
        [text => text.replace('"schemaVersion":1', '"schemaVersion":2'), /newer Plimsoll/],
        [text => text.replace('"accused":0', '"accused":50'), /falseAlarms/],
        [text => text.replace(/"startSpread":\{[^}]*\},/, ''), /findings\.startSpread/],
      ];
      const written = await readFile(await writeCalibration(join(folder, 'in'), example), 'utf8');
      for (const [change, words] of wrong) {
        assert.notEqual(change(written), written);
        await writeFile(file, change(written));
        await assert.rejects(readCalibration(file), isProblem('record.corrupt', words));
      }
    });
  });

  test('is not a duet', async () => {
    await inFolder(async folder => {
      const file = await writeDuet(folder, exampleDuet({ units: 1 }));
      await assert.rejects(
        readCalibration(file),
        isProblem('file.format', /a duet, which compares two sides/),
      );
    });
  });
});
