import type { ScopeData } from '../../analysis/scope-data.ts';
import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { Finding, Validity } from '../../model/judgement/verdict.ts';

/** What makes a run invalid and yet cannot make an answer a wrong one. */
const harmless: readonly InvalidReason['kind'][] = ['sentLate', 'smallPool'];

/** The finding, which is invalid where it fails and what makes the run no measurement may be the reason. */
export function blamed(finding: Finding, data: ScopeData, validity: Validity): Finding {
  const { status, reason } = finding;
  if (status !== 'fail' || reason.kind === 'noMeasurement' || isTargetsDoing(finding, data, validity)) {
    return finding;
  }
  return { ...finding, status: 'invalid', firm: false, reason: { kind: 'noMeasurement', failed: reason } };
}

/**
 * Whether the target alone can have made a finding fail. In a valid run it always has, and where what ended is the API that
 * Plimsoll had started. Where the generator was late or had too few connections, it has where a share of answers fails:
 * unexpected statuses, failed checks, malformed answers and refusals; time-outs, requests that were never sent and bodies
 * without room may be the generator's doing.
 */
function isTargetsDoing({ metric, limit }: Finding, { figures }: ScopeData, validity: Validity): boolean {
  if (validity.state === 'valid') return true;
  const generators = validity.reasons.filter(({ kind }) => kind !== 'serverEnded');
  if (generators.length === 0) return true;
  if (!generators.every(({ kind }) => harmless.includes(kind))) return false;
  if (metric.form.kind !== 'share') return false;
  if (!metric.countsFailures || limit === null) return true;
  const { errors, failed, unfinished, requests } = figures;
  const { timeout = 0, notSent = 0, tooLarge = 0 } = failed;
  const certain = errors - unfinished - timeout - notSent - tooLarge;
  return certain > limit * requests;
}
