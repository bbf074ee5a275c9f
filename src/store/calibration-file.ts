import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration } from '../model/calibration.ts';
import { PlimsollError, problem } from '../model/error.ts';
import type { RecordHeader } from '../model/record.ts';
import { writeAtomically } from './atomic-file.ts';
import { type CheckedCalibration, calibrationSchema } from './calibration-schema.ts';
import { isAlike, mismatchOf } from './likeness.ts';
import { recordFileName, recordNames } from './record-file.ts';
import { parseChecked, parseVersioned, readStored, type StoredKind } from './stored-json.ts';

const calibrationKind: StoredKind = {
  noun: 'calibration',
  folder: 'reports/calibrations',
  others: [
    { is: ({ measurement }) => measurement !== undefined, what: 'a run record, which holds one run' },
    { is: ({ contestants }) => contestants !== undefined, what: 'a duet, which compares two sides' },
  ],
};

/** What a calibration must be of to tell something: the scenario's workload, and the machine. */
export type CalibrationKey = Pick<RecordHeader, 'digest' | 'fingerprint'>;

/** The calibration of a workload on this machine, if there is one. */
export interface FoundCalibration {
  readonly calibration: Calibration | null;
  /** Null where there is none. */
  readonly file: string | null;
  /** Files that could not be read, with what is wrong; they are left where they are. */
  readonly skipped: readonly { readonly file: string; readonly error: PlimsollError }[];
}

/**
 * Keeps a calibration in a folder, which is made where it is missing, in place of the earlier one of the same workload on
 * a machine alike; returns the file. Readers see all of it or nothing. Throws `output.unwritable`.
 */
export async function writeCalibration(folder: string, calibration: Calibration): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw problem('output.unwritable', { where: folder, found: error.message }, { cause: error });
  });
  const earlier = await calibrationFor(folder, calibration.header);
  const file = earlier.file ?? join(folder, recordFileName(calibration.header));
  const { schemaVersion, header, contestant, layout, policy, units, findings }: CheckedCalibration =
    calibration;
  const whole = { schemaVersion, header, contestant, layout, policy, units, findings };
  await writeAtomically(file, `${JSON.stringify(whole)}\n`);
  return file;
}

/**
 * The latest calibration in a folder of this workload on a machine alike, as baselines are alike; none of a folder that
 * does not exist.
 */
export async function calibrationFor(folder: string, key: CalibrationKey): Promise<FoundCalibration> {
  const skipped: { file: string; error: PlimsollError }[] = [];
  let found: { readonly calibration: Calibration; readonly file: string } | null = null;
  for (const name of await recordNames(folder)) {
    const file = join(folder, name);
    try {
      const calibration = await readCalibration(file);
      if (!isAlike(mismatchOf(calibration.header, key))) continue;
      const isLater = found === null || startOf(calibration) > startOf(found.calibration);
      if (isLater) found = { calibration, file };
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      skipped.push({ file, error });
    }
  }
  return { calibration: found?.calibration ?? null, file: found?.file ?? null, skipped };
}

/**
 * Reads a calibration and makes sure that it is whole. Throws `file.missing`, `file.unreadable`, `file.format` or
 * `record.corrupt`, naming the file, the path inside it and what is wrong.
 */
export async function readCalibration(file: string): Promise<Calibration> {
  const content = await readStored(file, calibrationKind);
  return parseChecked(calibrationSchema, parseVersioned(content, file, calibrationKind), file);
}

const startOf = ({ header }: Calibration) => Date.parse(header.startedAt);
