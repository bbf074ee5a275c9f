import { fewestInstances, instancesIn } from '../../judge/duet/instances.ts';
import type { DuetTerms } from '../../model/duet/calibration.ts';
import { type Contestant, type OfBoth, type StartSpread, sides, urlsOf } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { type CalibrationKey, calibrationFor } from '../../store/records/calibration-file.ts';
import { calibrationsFolder } from '../baselines/baselines.ts';

/** The duet that calibrations are looked up for. */
interface CalibratedDuet extends DuetTerms, Pick<CalibrationKey, 'header'> {
  readonly contestants: OfBoth<Contestant>;
}

/** What calibrations on this machine tell of a duet. */
export interface CalibrationLore {
  /** How far starts differ; null where nobody measured it on the machine of both servers. */
  readonly spread: StartSpread | null;
  readonly notes: readonly DuetNote[];
}

/** Looks up what the calibrations in the output folder tell of a duet, and which of them could not be read. */
export async function calibrationLore(out: string, duet: CalibratedDuet): Promise<CalibrationLore> {
  const { contestants } = duet;
  const { calibration, startSpread, skipped } = await calibrationFor(calibrationsFolder(out), duet);
  const isHere = sides.every(side => urlsOf(contestants[side]).every(isLoopback));
  const areUrls = sides.some(side => contestants[side].kind === 'url');
  const isAssumed = areUrls && instancesIn({ contestants }) < fewestInstances;
  const spread = isHere ? startSpread : null;
  return {
    spread,
    notes: [
      ...(calibration === null ? [] : [{ kind: 'calibration', calibration, terms: duet } as const]),
      ...(calibration?.newer ? [{ kind: 'newerCalibration', newer: calibration.newer } as const] : []),
      ...(isAssumed && spread === null ? [{ kind: 'uncalibrated', isHere } as const] : []),
      ...skipped.map(({ file }) => ({ kind: 'damagedCalibration', file }) as const),
    ],
  };
}
