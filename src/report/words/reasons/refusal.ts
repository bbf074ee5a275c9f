import type { Refusal } from '../../../model/judgement/regression-reason.ts';
import { invalidReasons } from './invalid-reason.ts';
import { whichText } from './regression-reason.ts';

/** Why a run is not compared, or a stored run is no evidence: one sentence without its full stop. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'unreadable':
      return refusal.what;
    case 'otherWorkload': {
      const [was, is] = [refusal.baseline, refusal.run].map(digest => digest.slice(0, 12));
      return `the scenario has changed since (workload ${was}, now ${is}), so the two runs did not do the same`;
    }
    case 'incomplete':
      return `${whichText(refusal.which)} did not complete`;
    case 'noMeasurement': {
      if (refusal.of === 'run') return `${whichText('run')} is no measurement`;
      const which = refusal.of === 'baseline' ? whichText('baseline') : refusal.where;
      return `${which} is no measurement: ${invalidReasons(refusal.reasons)}`;
    }
    case 'nothingInCommon':
      return 'the two runs have no endpoint in common to which a request was due';
    case 'interrupted':
      return `the comparison was interrupted (${refusal.by})`;
  }
}
