import { join } from 'node:path';
import { type Contestant, type OfBoth, type StartSpread, sides } from '../../model/duet/duet.ts';
import { calibrationQuote, type DuetTerms, startsNote } from '../../report/words/calibration-quote.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { type CalibrationKey, calibrationFor } from '../../store/records/calibration-file.ts';
import { newerText } from '../../words/newer-text.ts';

/** The duet that calibrations are looked up for. */
interface CalibratedDuet extends DuetTerms, Pick<CalibrationKey, 'header'> {
  readonly contestants: OfBoth<Contestant>;
}

/** What calibrations on this machine tell of a duet. */
export interface CalibrationLore {
  /** How far starts differ; null where nobody measured it on the machine of both servers. */
  readonly spread: StartSpread | null;
  /** A sentence each. */
  readonly notes: readonly string[];
}

/** Looks up what the calibrations in the output folder tell of a duet, and which of them could not be read. */
export async function calibrationLore(out: string, duet: CalibratedDuet): Promise<CalibrationLore> {
  const { contestants } = duet;
  const { calibration, startSpread, skipped } = await calibrationFor(join(out, 'calibrations'), duet);
  const isHere = sides.every(side => {
    const contestant = contestants[side];
    return contestant.kind === 'ref' || isLoopback(contestant.url);
  });
  const spread = isHere ? startSpread : null;
  const starts = startsNote(contestants, spread);
  return {
    spread,
    notes: [
      ...(calibration === null ? [] : [calibrationQuote(calibration, duet)]),
      ...(calibration?.newer ? [`The calibration was ${newerText(calibration.newer)}.`] : []),
      ...(starts === null ? [] : [starts]),
      ...skipped.map(
        ({ file }) => `The calibration ${file} was passed over: it is damaged, or of another version.`,
      ),
    ],
  };
}
