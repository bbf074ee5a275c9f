import type { Restart } from '../../model/duet/duet.ts';
import type { DuetControl, DuetJudgement } from '../../model/duet/duet-judgement.ts';

/**
 * What the test that judges a duet says of base against itself, from the halves of base's own turns; null before the first look, and where some
 * restart does not hold them. A coin made the halves, so the flips are exact whatever the noise: it shows what chance makes of times in this
 * duet. Both halves ran in one process, so starts do not differ, and a half has half of the requests.
 */
export function controlOf(
  restarts: readonly Restart[],
  judged: (restarts: readonly Restart[]) => Pick<DuetJudgement, 'findings'>,
): DuetControl | null {
  const halves = restarts.flatMap(restart =>
    restart.control === undefined ? [] : [{ ...restart, endpoints: restart.control }],
  );
  if (halves.length < restarts.length) return null;
  const findings = judged(halves).findings.filter(({ evidence }) => evidence.pValue !== null);
  const told = findings.filter(({ change }) => change !== null);
  if (told.length === 0) return null;
  return { restarts: Math.max(...told.map(({ evidence }) => evidence.restarts)), findings: told };
}
