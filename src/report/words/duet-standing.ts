import type { DuetJudgement, Restart } from '../../model/duet/duet.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { counted, number, span } from '../../words/quantity-text.ts';

/** How a duet stands between two restarts, in a few words: what is settled, when it is looked at next, and how long it may take. */
export function duetStandingText({
  restarts,
  judgement,
}: {
  readonly restarts: readonly Restart[];
  readonly judgement: DuetJudgement;
}): string {
  const { findings, progress } = judgement;
  const required = findings.filter(finding => finding.required);
  const settled = required.filter(({ status }) => status !== 'inconclusive').length;
  const parts = [
    counted(restarts.length, 'restart'),
    `${number(settled)} of ${number(required.length)} settled`,
  ];
  if (progress.state === 'over') return [...parts, progress.why].join(', ');
  const restartMs = restarts.reduce((sum, { wallMs }) => sum + wallMs, 0) / Math.max(1, restarts.length);
  const inTime = (to: number) =>
    span(Math.ceil((Math.max(0, to - restarts.length) * restartMs) / 1_000) * 1_000);
  const most = duetLooks.at(-1)?.restarts ?? progress.nextLook;
  return [
    ...parts,
    `next look after ${number(progress.nextLook)} in ${inTime(progress.nextLook)}`,
    `at most ${inTime(most)} to go`,
  ].join(', ');
}
