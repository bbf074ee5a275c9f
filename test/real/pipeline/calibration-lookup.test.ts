import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Calibration } from '../../../src/model/duet/calibration.ts';
import type { Contestant, OfBoth } from '../../../src/model/duet/duet.ts';
import { type CalibrationLore, calibrationLore } from '../../../src/pipeline/duet/calibration-lookup.ts';
import { calibrationSentence } from '../../../src/report/words/calibration-wording.ts';
import { duetNote } from '../../../src/report/words/duet-note.ts';
import { writeCalibration } from '../../../src/store/records/calibration-file.ts';
import { exampleCalibration } from '../../fixtures/calibration.ts';
import { inFolder } from '../store/folder.ts';

let example: Calibration;
before(() => {
  example = exampleCalibration();
});

const refs: OfBoth<Contestant> = {
  base: { kind: 'ref', ref: 'main', commit: 'a'.repeat(40) },
  head: { kind: 'ref', ref: 'HEAD', commit: 'b'.repeat(40) },
};

const urls = (base: string, head: string): OfBoth<Contestant> => ({
  base: { kind: 'url', url: base },
  head: { kind: 'url', url: head },
});

/** What is told of a duet by what was calibrated before. */
async function loreOf(
  contestants: OfBoth<Contestant>,
  calibrations: readonly Calibration[],
  damaged = false,
): Promise<CalibrationLore> {
  let lore: CalibrationLore | null = null;
  await inFolder(async out => {
    const folder = join(out, 'calibrations');
    for (const calibration of calibrations) await writeCalibration(folder, calibration);
    if (damaged) await writeFile(join(folder, 'half.json'), '{');
    const areRefs = contestants.head.kind === 'ref';
    const targetHost = contestants.head.kind === 'url' ? new URL(contestants.head.url).hostname : '127.0.0.1';
    const { header, layout, looks, policy } = example;
    lore = await calibrationLore(out, {
      header: { ...header, fingerprint: { ...header.fingerprint, targetHost } },
      layout: { ...layout, repeat: areRefs ? 'restart' : 'round' },
      looks,
      policy,
      contestants,
    });
  });
  return lore ?? assert.fail('nothing was looked up');
}

/** Of commits, which are served on 127.0.0.1. */
const ofRefs = (): Calibration => ({
  ...example,
  header: { ...example.header, fingerprint: { ...example.header.fingerprint, targetHost: '127.0.0.1' } },
});

describe('what calibrations tell of a duet', () => {
  test('of commits is quoted, and of a damaged file that it was passed over', async () => {
    const { spread, notes } = await loreOf(refs, [ofRefs()], true);
    assert.deepEqual(spread, example.findings.startSpread);
    const [quoted, damaged, ...more] = notes;
    assert.ok(quoted?.kind === 'calibration', JSON.stringify(quoted));
    assert.deepEqual(quoted.calibration.findings, example.findings);
    assert.ok(duetNote(quoted).endsWith(calibrationSentence(example)), duetNote(quoted));
    assert.ok(damaged?.kind === 'damagedCalibration', JSON.stringify(damaged));
    assert.match(damaged.file, /half\.json$/);
    assert.deepEqual(more, []);
    assert.deepEqual(await loreOf(refs, []), { spread: null, notes: [] });
  });

  test('is not quoted as theirs where they are looked at otherwise', async () => {
    const looks = [{ restarts: 8, spend: 0.01, boundTail: 0.05 }];
    const { notes } = await loreOf(refs, [{ ...ofRefs(), looks }]);
    const [note, ...more] = notes;
    assert.ok(note?.kind === 'calibration', JSON.stringify(note));
    assert.match(
      duetNote(note),
      /is of other duets than this one and says nothing of it: looks at 8 restarts /,
    );
    assert.deepEqual(more, []);
  });

  test('is of those by the same looks, though others were calibrated longer', async () => {
    const looks = [{ restarts: 8, spend: 0.01, boundTail: 0.05 }];
    const { header, restarts, ...rest } = ofRefs();
    const short = { ...rest, header: { ...header, id: 'short' }, restarts: restarts.slice(0, 10) };
    const { notes } = await loreOf(refs, [{ ...ofRefs(), looks }, short]);
    assert.ok(notes[0]?.kind === 'calibration', JSON.stringify(notes));
    assert.equal(notes[0].calibration.restarts.length, 10);
  });

  for (const [base, head] of [
    ['http://localhost:4010', 'http://127.0.0.2:4011'],
    ['http://[::1]:4010', 'unix:/run/api.sock'],
  ] as const) {
    test(`of ${base} and ${head} is how far starts differ, known from commits on this machine`, async () => {
      assert.deepEqual(await loreOf(urls(base, head), [ofRefs()]), {
        spread: example.findings.startSpread,
        notes: [],
      });
      const { spread, notes } = await loreOf(urls(base, head), []);
      assert.equal(spread, null);
      assert.deepEqual(notes, [{ kind: 'uncalibrated', isHere: true }]);
    });
  }

  for (const [base, head] of [
    ['http://10.0.0.7', 'http://10.0.0.8'],
    ['http://localhost:4010', 'http://10.0.0.8'],
    ['http://10.0.0.7', 'http://localhost:4010'],
  ] as const) {
    test(`of ${base} and ${head} is nothing, whatever was calibrated here`, async () => {
      const { spread, notes } = await loreOf(urls(base, head), [ofRefs()]);
      assert.equal(spread, null);
      assert.deepEqual(notes, [{ kind: 'uncalibrated', isHere: false }]);
    });
  }
});
