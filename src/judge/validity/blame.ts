import type { ScopeData } from '../../analysis/scope-data.ts';
import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { Finding, Validity } from '../../model/judgement/verdict.ts';

/** What makes a run invalid and yet cannot make an answer a wrong one. */
const harmless: readonly InvalidReason['kind'][] = ['sentLate', 'smallPool'];

/**
 * Whether a finding fails by what the target alone can have done. Of a valid run that is every firm fail. Where the
 * API that Plimsoll had started ended, that is every firm fail too. Where the generator was late or had too few connections, it is a share of answers, such as unexpected statuses, failed checks, malformed
 * answers and refusals; time-outs, requests that were never sent and bodies without room may be the generator's doing.
 */
export function isTargetsDoing(
  { metric, status, firm, limit }: Finding,
  { figures }: ScopeData,
  validity: Validity,
): boolean {
  if (status !== 'fail' || !firm) return false;
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
