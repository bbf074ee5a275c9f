import { analyse } from '../../analysis/analysis.ts';
import type { ComparisonNote } from '../../model/judgement/comparison-note.ts';
import type { WhichRun } from '../../model/judgement/regression-reason.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { millis, millisToMicros } from '../../model/units.ts';

/** The share of late requests from which they are worth a note. */
const manyLate = 0.01;

/** That a baseline's delays were taken off, or that those of an older record are not known request by request. */
export function lateNotes(record: RunRecord, which: WhichRun): readonly ComparisonNote[] {
  const analysis = analyse(record);
  const { figures } = analysis.of({ kind: 'total' });
  const known = figures.late();
  if (known > 0) {
    const requests = figures.distribution('response').histogram.count;
    if (which === 'run' || known < manyLate * requests) return [];
    return [{ kind: 'sentLate', which, late: known, requests, effect: 'takenOff' }];
  }
  const lag = analysis.sendLag();
  const late = lag.countAbove(millisToMicros(millis(1)));
  return late === 0 || late < manyLate * lag.count
    ? []
    : [{ kind: 'sentLate', which, late, requests: lag.count, effect: 'unknown' }];
}
