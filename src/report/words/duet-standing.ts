import type { RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { DuetJudgement } from '../../model/duet/duet-judgement.ts';
import { counted, number, span } from '../../words/quantity-text.ts';
import { duetEndReason } from './reasons/duet-reason.ts';

/** How a duet stands between two restarts, in a few words: what is settled, when it is looked at next, and how long it may take. */
export function duetStandingText({
  restarts,
  judgement,
  repeat,
  most,
}: {
  readonly restarts: readonly Restart[];
  readonly judgement: DuetJudgement;
  readonly repeat: RepeatKind;
  /** The most restarts there may be. */
  readonly most: number;
}): string {
  const { findings, progress } = judgement;
  const required = findings.filter(finding => finding.required);
  const settled = required.filter(({ status }) => status !== 'inconclusive').length;
  const parts = [
    counted(restarts.length, repeat),
    `${number(settled)} of ${number(required.length)} settled`,
  ];
  if (progress.state === 'over') return [...parts, duetEndReason(progress.reason)].join(', ');
  const restartMs = restarts.reduce((sum, { wallMs }) => sum + wallMs, 0) / Math.max(1, restarts.length);
  const inTime = (to: number) =>
    span(Math.ceil((Math.max(0, to - restarts.length) * restartMs) / 1_000) * 1_000);
  return [
    ...parts,
    `next look after ${number(progress.nextLook)} in ${inTime(progress.nextLook)}`,
    `at most ${inTime(most)} to go`,
  ].join(', ');
}
