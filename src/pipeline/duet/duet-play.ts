import { nothingAnswered } from '../../judge/duet/effects.ts';
import { isStrained, mostStrain } from '../../judge/duet/strain.ts';
import type { DroppedRestart, DuetEnd, RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { DuetJudgement } from '../../model/duet/duet-judgement.ts';
import { PlimsollError } from '../../model/error.ts';
import { interruptSignalOf } from '../../model/judgement/exit-code.ts';
import { errorLine } from '../../words/error-line.ts';
import { counted, percent } from '../../words/quantity-text.ts';
import { playRestart, type RestartOutcome, type RestartProgress, type RestartTerms } from './duet-restart.ts';
import type { DuetSides } from './duet-sides.ts';

/** What happens during a duet, for people who watch it. */
export type DuetEvent =
  | { readonly kind: 'restart'; readonly number: number; readonly progress: RestartProgress }
  /** A restart does not count, since the machine kept both sides from running. */
  | { readonly kind: 'dropped'; readonly number: number; readonly repeat: RepeatKind }
  /** A restart is over: how things stand, and how long one takes. */
  | {
      readonly kind: 'stands';
      readonly restarts: readonly Restart[];
      readonly judgement: DuetJudgement;
      readonly repeat: RepeatKind;
    };

/** What was played: the restarts, those that do not count, why some were played again, and how it ended. */
export interface Played {
  readonly restarts: readonly Restart[];
  readonly dropped: readonly DroppedRestart[];
  readonly repeated: readonly string[];
  readonly end: DuetEnd;
}

/** Who watches, and may interrupt. */
interface Watch {
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: ((event: DuetEvent) => void) | undefined;
}

/** The most restarts of a duet that are played again, since a start failed or the machine was busy elsewhere. */
const mostRepeated = 3;

/** The most restarts of a duet that do not count, since the machine kept both sides from running. */
const mostDropped = 8;

/** Plays restart after restart until the judge has seen enough, or the duet is interrupted or breaks. */
export async function playAll(
  duetSides: DuetSides,
  terms: RestartTerms,
  judged: (restarts: readonly Restart[]) => DuetJudgement,
  { interrupt, onEvent }: Watch,
): Promise<Played> {
  const restarts: Restart[] = [];
  const dropped: DroppedRestart[] = [];
  const repeated: string[] = [];
  const ended = (end: DuetEnd): Played => ({ restarts, dropped, repeated, end });
  for (;;) {
    const number = restarts.length + 1;
    let outcome: RestartOutcome;
    try {
      outcome = await playRestart(duetSides, restarts, repeated.length + dropped.length, {
        ...terms,
        interrupt,
        onProgress: progress => onEvent?.({ kind: 'restart', number, progress }),
      });
    } catch (error) {
      const failed = restarts.length > 0 ? outcomeBy(error, interrupt) : null;
      if (failed === null) throw error;
      outcome = failed;
    }
    if (outcome.state === 'spoiled') {
      if (repeated.length >= mostRepeated) {
        return ended({ state: 'broken', reason: outcome.reason, cause: 'spoiled' });
      }
      repeated.push(outcome.reason);
      continue;
    }
    if (outcome.state !== 'measured') return ended(outcome);
    const { startedAt, machine } = outcome.restart;
    if (machine && isStrained(machine)) {
      dropped.push({ number, startedAt, machine });
      onEvent?.({ kind: 'dropped', number, repeat: duetSides.repeat });
      if (dropped.length < mostDropped) continue;
      return ended({
        state: 'broken',
        reason: strainedReason(dropped.length, duetSides.repeat),
        cause: 'spoiled',
      });
    }
    restarts.push(outcome.restart);
    if (nothingAnswered(restarts)) {
      return ended({
        state: 'broken',
        reason: 'neither side gave one expected answer',
        cause: 'noneAnswered',
      });
    }
    const judgement = judged(restarts);
    onEvent?.({ kind: 'stands', restarts, judgement, repeat: duetSides.repeat });
    if (judgement.progress.state === 'over') return ended({ state: 'decided' });
  }
}

function strainedReason(count: number, repeat: RepeatKind): string {
  return (
    `in ${counted(count, repeat)} more than ${percent(mostStrain)} of the time was stolen by the host or throttled, in the turns of both sides: ` +
    'the machine has too little to give, so nothing that it measures is about the builds'
  );
}

/**
 * What became of a restart by what was thrown in it; null for what is nobody's mistake but ours. A start that fails after others of
 * the same builds did not is tried again: neither side was measured, so that this favours none.
 */
export function outcomeBy(
  error: unknown,
  interrupt: AbortSignal | undefined,
): Exclude<RestartOutcome, { readonly state: 'measured' }> | null {
  if (interrupt?.aborted && error === interrupt.reason) {
    return { state: 'interrupted', signal: interruptSignalOf(interrupt) };
  }
  if (!(error instanceof PlimsollError)) return null;
  const isStart = error.problems.every(({ code }) => code.startsWith('serve.'));
  return { state: isStart ? 'spoiled' : 'broken', reason: errorLine(error) };
}
