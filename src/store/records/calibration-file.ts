import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { mismatchOf } from '../../analysis/likeness.ts';
import { type Calibration, fewestStarts } from '../../model/duet/calibration.ts';
import type { DuetLayout, Look, StartSpread } from '../../model/duet/duet.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { readStored } from '../files/stored-json.ts';
import { type CheckedCalibration, calibrationSchema } from './calibration-schema.ts';
import { migrations } from './migrations.ts';
import { storedText } from './newer-parts.ts';
import { recordFileName, recordNames } from './record-file.ts';
import { parseStored, type RecordKind } from './stored-record.ts';

const calibrationKind: RecordKind<CheckedCalibration> = {
  noun: 'calibration',
  folder: 'reports/calibrations',
  others: [
    { is: ({ measurement }) => measurement !== undefined, what: 'a run record, which holds one run' },
    { is: ({ contestants }) => contestants !== undefined, what: 'a duet, which compares two sides' },
  ],
  migrations: migrations.calibration,
  schema: calibrationSchema,
};

/** What a calibration is of: the scenario's workload, the machine and the host of the target, the layout, and when it is looked at. */
export interface CalibrationKey {
  readonly header: Pick<RecordHeader, 'digest' | 'fingerprint'>;
  readonly layout: DuetLayout;
  readonly looks: readonly Look[];
}

/** The calibrations of a workload on this machine, as far as there are any. */
export interface FoundCalibration {
  /** The one of the same kind of restarts and host that suits the layout best. */
  readonly calibration: Calibration | null;
  /** How far starts of the workload's builds differ on this machine, whatever host was asked for. */
  readonly startSpread: StartSpread | null;
  /** Files that could not be read, with what is wrong; they are left where they are. */
  readonly skipped: readonly { readonly file: string; readonly error: PlimsollError }[];
}

/**
 * Keeps a calibration in a folder, which is made where it is missing, in place of the earlier one of the same workload,
 * host and layout on a machine alike; returns the file. One of twenty restarts or more is replaced by such a one alone, so
 * that no trial takes its place. Readers see all of it or nothing. Throws `output.unwritable`.
 */
export async function writeCalibration(folder: string, calibration: Calibration): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw problem('output.unwritable', { where: folder, found: error.message }, { cause: error });
  });
  const { stored } = await storedFor(folder, calibration);
  const earlier = stored.find(
    one =>
      one.isOfHost &&
      isSameLayout(one.calibration.layout, calibration.layout) &&
      isTrial(one.calibration) === isTrial(calibration),
  );
  const file = earlier?.file ?? join(folder, recordFileName(calibration.header));
  const { schemaVersion, header, contestant, layout, looks, policy, restarts, findings }: CheckedCalibration =
    calibration;
  const whole = { schemaVersion, header, contestant, layout, looks, policy, restarts, findings };
  await writeAtomically(file, storedText(whole, calibration.newer));
  return file;
}

/**
 * What the calibrations in a folder tell of a workload on a machine alike, as baselines are alike; nothing where the folder
 * does not exist. Of several the one of the same layout is taken, then one by the same looks, then one of twenty restarts or
 * more, then the latest.
 */
export async function calibrationFor(folder: string, key: CalibrationKey): Promise<FoundCalibration> {
  const { stored, skipped } = await storedFor(folder, key);
  const preferred = stored.toSorted(
    (one, other) =>
      Number(isSameLayout(other.calibration.layout, key.layout)) -
        Number(isSameLayout(one.calibration.layout, key.layout)) ||
      Number(isDeepStrictEqual(other.calibration.looks, key.looks)) -
        Number(isDeepStrictEqual(one.calibration.looks, key.looks)) ||
      Number(isTrial(one.calibration)) - Number(isTrial(other.calibration)) ||
      startOf(other.calibration) - startOf(one.calibration),
  );
  const found = preferred.find(
    ({ isOfHost, calibration }) => isOfHost && calibration.layout.repeat === key.layout.repeat,
  );
  const spreads = preferred.flatMap(({ calibration }) => spreadIn(calibration));
  return { calibration: found?.calibration ?? null, startSpread: spreads[0] ?? null, skipped };
}

/**
 * How far starts of a workload's builds differ on a machine alike, by the latest calibration in a folder that tells; null of
 * a folder that cannot be read, too: a comparison goes on without.
 */
export async function startSpreadIn(
  folder: string,
  header: CalibrationKey['header'],
): Promise<StartSpread | null> {
  const { stored } = await storedFor(folder, { header }).catch(error => {
    if (!(error instanceof PlimsollError)) throw error;
    return { stored: [] };
  });
  const latest = stored.toSorted((one, other) => startOf(other.calibration) - startOf(one.calibration));
  return latest.flatMap(({ calibration }) => spreadIn(calibration))[0] ?? null;
}

function spreadIn({ layout, findings: { startSpread } }: Calibration): readonly StartSpread[] {
  return layout.repeat === 'restart' && startSpread !== null ? [startSpread] : [];
}

interface Stored {
  readonly file: string;
  readonly calibration: Calibration;
  readonly isOfHost: boolean;
}

/** The calibrations in a folder of this workload on a machine alike, whatever host they asked. */
async function storedFor(
  folder: string,
  { header }: Pick<CalibrationKey, 'header'>,
): Promise<Pick<FoundCalibration, 'skipped'> & { readonly stored: readonly Stored[] }> {
  const stored: Stored[] = [];
  const skipped: { file: string; error: PlimsollError }[] = [];
  for (const name of await recordNames(folder)) {
    const file = join(folder, name);
    try {
      const calibration = await readCalibration(file);
      const { workload, machine } = mismatchOf(calibration.header, header);
      const others = machine.filter(({ part }) => part !== 'targetHost');
      if (workload || others.length > 0) continue;
      stored.push({ file, calibration, isOfHost: machine.length === 0 });
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      skipped.push({ file, error });
    }
  }
  return { stored, skipped };
}

function isSameLayout(one: DuetLayout, other: DuetLayout): boolean {
  const told = ({ repeat, slotMs, pairsPerRestart, load }: DuetLayout) => ({
    repeat,
    slotMs,
    pairsPerRestart,
    load,
  });
  return isDeepStrictEqual(told(one), told(other));
}

const isTrial = ({ restarts }: Calibration) => restarts.length < fewestStarts;

/**
 * Reads a calibration and makes sure that it is whole. Throws `file.missing`, `file.unreadable`, `record.other-kind` or
 * `record.corrupt`, naming the file, the path inside it and what is wrong.
 */
export async function readCalibration(file: string): Promise<Calibration> {
  return parseStored(await readStored(file, calibrationKind), file, calibrationKind);
}

const startOf = ({ header }: Calibration) => Date.parse(header.startedAt);
