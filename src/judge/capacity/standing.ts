import type { CapacityEnd, Probe } from '../../model/capacity/capacity.ts';
import type { FirmVerdict, Verdict } from '../../model/judgement/verdict.ts';

/** What a search comes to, held against the least load that is asked for; null asks for none. */
export function capacityStanding(
  end: CapacityEnd,
  probes: readonly Probe[],
  limit: number | null,
): FirmVerdict {
  const verdict = verdictOf(end, probes, limit);
  return { verdict, firm: false };
}

function verdictOf(end: CapacityEnd, probes: readonly Probe[], limit: number | null): Verdict {
  switch (end.kind) {
    case 'found':
      return end.capacity >= (limit ?? 0) ? 'pass' : 'fail';
    case 'most':
      return end.capacity >= (limit ?? 0) ? 'pass' : 'inconclusive';
    case 'generator':
      // How much more the API holds is not known, but that it holds so much is.
      return end.capacity !== null && end.capacity >= (limit ?? 0) ? 'pass' : 'invalid';
    case 'none':
      return probes.some(({ outcome }) => outcome.kind === 'broke' || outcome.kind === 'fellBehind')
        ? 'fail'
        : 'invalid';
    case 'interrupted':
      return 'inconclusive';
  }
}
