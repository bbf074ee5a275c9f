import { analyse } from '../../analysis/analysis.ts';
import type { ProbeOutcome } from '../../model/capacity/capacity.ts';
import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';

/** Below this share of what was due, an API that was loaded evenly does not keep up: requests pile up. */
const leastDone = 0.9;

/** What a judged run at one load says of it. Too few samples for a limit are no reason that it should not hold. */
export function outcomeOf({ record, judgement }: JudgedRun): ProbeOutcome {
  const { completion } = record.measurement;
  if (completion.state === 'interrupted') return { kind: 'interrupted' };
  const by = judgement.findings.filter(({ status }) => status === 'fail');
  const { validity } = judgement;
  const [reason] = validity.state === 'invalid' ? validity.reasons : [];
  if (reason !== undefined && !by.some(({ firm }) => firm)) {
    return { kind: isOfGenerator(reason) ? 'generator' : 'failed', reason };
  }
  if (by.length > 0) return { kind: 'broke', by };
  const blurred = judgement.findings.filter(({ status }) => status === 'invalid');
  if (blurred.length > 0) return { kind: 'blurred', by: blurred };
  const { requests, errors, completed } = analyse(record).of({ kind: 'total' }).figures;
  const done = requests === 0 ? 1 : (completed + errors) / requests;
  return record.measurement.load.offered !== null && done < leastDone
    ? { kind: 'fellBehind', done }
    : { kind: 'held' };
}

function isOfGenerator({ kind }: InvalidReason): boolean {
  return kind === 'exhausted' || kind === 'sentLate' || kind === 'smallPool' || kind === 'workerDied';
}
