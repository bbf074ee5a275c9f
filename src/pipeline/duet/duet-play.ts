import { nothingAnswered } from '../../judge/duet/answered.ts';
import type { DuetEnd, DuetJudgement, DuetUnit } from '../../model/duet/duet.ts';
import { PlimsollError } from '../../model/error.ts';
import { interruptSignalOf } from '../../model/judgement/exit-code.ts';
import { errorLine } from '../../words/error-line.ts';
import { playUnit, type UnitOutcome, type UnitProgress, type UnitTerms } from './duet-restart.ts';
import type { Stage } from './duet-sides.ts';

/** What happens during a duet, for people who watch it. */
export type DuetEvent =
  | { readonly kind: 'unit'; readonly number: number; readonly progress: UnitProgress }
  /** A unit is over: how things stand, and how long one takes. */
  | { readonly kind: 'stands'; readonly units: readonly DuetUnit[]; readonly judgement: DuetJudgement };

/** What was played: the units, why some were played again, and how it ended. */
export interface Played {
  readonly units: readonly DuetUnit[];
  readonly repeated: readonly string[];
  readonly end: DuetEnd;
}

/** Who watches, and may interrupt. */
interface Watch {
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: ((event: DuetEvent) => void) | undefined;
}

/** The most units of a duet that are played again, since a start failed or the machine was busy elsewhere. */
const mostRepeated = 3;

/** Plays unit after unit until the judge has seen enough, or the duet is interrupted or breaks. */
export async function playAll(
  stage: Stage,
  terms: UnitTerms,
  judged: (units: readonly DuetUnit[]) => DuetJudgement,
  { interrupt, onEvent }: Watch,
): Promise<Played> {
  const units: DuetUnit[] = [];
  const repeated: string[] = [];
  for (let number = 1; ; ) {
    let outcome: UnitOutcome;
    try {
      outcome = await playUnit(stage, number, repeated.length, {
        ...terms,
        interrupt,
        onProgress: progress => onEvent?.({ kind: 'unit', number, progress }),
      });
    } catch (error) {
      const failed = units.length > 0 ? outcomeBy(error, interrupt) : null;
      if (failed === null) throw error;
      outcome = failed;
    }
    if (outcome.state === 'spoiled') {
      if (repeated.length >= mostRepeated) {
        return { units, repeated, end: { state: 'broken', reason: outcome.reason } };
      }
      repeated.push(outcome.reason);
      continue;
    }
    if (outcome.state !== 'measured') return { units, repeated, end: outcome };
    units.push(outcome.unit);
    number += 1;
    if (nothingAnswered(units)) {
      return { units, repeated, end: { state: 'broken', reason: 'neither side gave one expected answer' } };
    }
    const judgement = judged(units);
    onEvent?.({ kind: 'stands', units, judgement });
    if (judgement.progress.state === 'over') return { units, repeated, end: { state: 'decided' } };
  }
}

/**
 * What became of a unit by what was thrown in it; null for what is nobody's mistake but ours. A start that fails after others of
 * the same builds did not is tried again: neither side was measured, so that this favours none.
 */
export function outcomeBy(
  error: unknown,
  interrupt: AbortSignal | undefined,
): Exclude<UnitOutcome, { readonly state: 'measured' }> | null {
  if (interrupt?.aborted && error === interrupt.reason) {
    return { state: 'interrupted', signal: interruptSignalOf(interrupt) };
  }
  if (!(error instanceof PlimsollError)) return null;
  const isStart = error.problems.every(({ code }) => code.startsWith('serve.'));
  return { state: isStart ? 'spoiled' : 'broken', reason: errorLine(error) };
}
