import { nothingAnswered } from '../../judge/duet/effects.ts';
import { isStrained, mostStrain } from '../../judge/duet/strain.ts';
import type { DroppedRestart, DuetEnd, DuetRecord, RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { DuetJudgement } from '../../model/duet/duet-judgement.ts';
import { PlimsollError } from '../../model/error.ts';
import { interruptSignalOf } from '../../model/judgement/exit-code.ts';
import { errorLine } from '../../words/error-line.ts';
import { counted, percent } from '../../words/quantity-text.ts';
import { playRestart, type RestartOutcome, type RestartProgress, type RestartTerms } from './duet-restart.ts';
import type { DuetHead, DuetSides, SidesEvent } from './duet-sides.ts';

/** What happens during a duet, for people who watch it. */
export type DuetEvent =
  | { readonly kind: 'restart'; readonly number: number; readonly progress: RestartProgress }
  | Extract<SidesEvent, { kind: 'note' }>
  /** A restart does not count, since the machine kept both sides from running. */
  | { readonly kind: 'dropped'; readonly number: number; readonly repeat: RepeatKind }
  /** A restart is over: how things stand, and how long one takes. */
  | {
      readonly kind: 'stands';
      readonly restarts: readonly Restart[];
      readonly judgement: DuetJudgement;
      readonly repeat: RepeatKind;
      /** The most restarts there may be. */
      readonly most: number;
      /** Which head it is of, where there are several: `head 1`. */
      readonly head?: string;
    };

/** What was played: the restarts, those that do not count, why some were played again, and how it ended. */
export interface Played {
  readonly restarts: readonly Restart[];
  readonly dropped: readonly DroppedRestart[];
  readonly repeated: readonly string[];
  readonly end: DuetEnd;
}

/** Who watches, and may interrupt; and what was played before, where the duet of one head is continued. */
interface Watch {
  readonly before?: Pick<DuetRecord, 'restarts' | 'dropped'> | undefined;
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: ((event: DuetEvent) => void) | undefined;
}

/** The most restarts of a duet that are played again, since a start failed or the machine was busy elsewhere. */
const mostRepeated = 3;

/** The most restarts of a duet that do not count, since the machine kept both sides from running. */
const mostDropped = 8;

/** A head while it is played. */
class PlayedHead {
  readonly name: string;
  readonly restarts: Restart[];
  readonly dropped: DroppedRestart[];
  /** How many of the dropped ones were so before it was continued. */
  readonly droppedBefore: number;
  end: DuetEnd | null = null;

  constructor({ name }: DuetHead, before: Watch['before']) {
    this.name = name;
    this.restarts = [...(before?.restarts ?? [])];
    this.dropped = [...(before?.dropped ?? [])];
    this.droppedBefore = this.dropped.length;
  }
}

/**
 * Plays restart after restart until the judge has seen enough of every head, or the duet is interrupted or breaks. A head of which
 * enough was seen, or whose server breaks, is started no more; the others go on. An entry for each head.
 */
export async function playAll(
  duetSides: DuetSides,
  terms: RestartTerms,
  judged: (restarts: readonly Restart[], head: number) => DuetJudgement,
  { interrupt, onEvent, before }: Watch,
): Promise<readonly Played[]> {
  const { repeat } = duetSides;
  const heads = duetSides.heads.map(head => new PlayedHead(head, before));
  const numberBefore = before?.restarts.length ?? 0;
  const repeated: string[] = [];
  let droppedRestarts = 0;
  const endAll = (end: DuetEnd) => {
    for (const head of heads) head.end ??= end;
  };
  for (;;) {
    const playing = heads.filter(({ end }) => end === null);
    if (playing.length === 0) break;
    // The one that has the most: a restart that does not count for one head may count for another.
    const [{ restarts: earlier } = { restarts: [] }] = playing.toSorted(
      (one, other) => other.restarts.length - one.restarts.length,
    );
    const number = earlier.length + 1;
    const isFirst = earlier.length === numberBefore;
    const names = playing.map(({ name }) => name);
    let outcome: RestartOutcome;
    try {
      outcome = await playRestart(duetSides, names, earlier, repeated.length + droppedRestarts, {
        ...terms,
        isFirst,
        interrupt,
        onProgress: progress => onEvent?.({ kind: 'restart', number, progress }),
        onNote: sentence => onEvent?.({ kind: 'note', sentence }),
      });
    } catch (error) {
      const failed = isFirst ? null : outcomeBy(error, interrupt);
      if (failed === null) throw error;
      outcome = failed;
    }
    // Nothing was added to what a record holds already.
    if (outcome.state === 'interrupted' && before && isFirst) throw interrupt?.reason;
    if (outcome.state === 'spoiled') {
      if (repeated.length >= mostRepeated) {
        endAll({ state: 'broken', reason: outcome.reason, cause: 'spoiled' });
      } else repeated.push(outcome.reason);
    } else if (outcome.state === 'broken') {
      const { by = [], reason } = outcome;
      const blamed = playing.filter(({ name }) => by.includes(name));
      if (blamed.length === 0 || by.includes('base')) endAll({ state: 'broken', reason });
      for (const head of blamed) head.end ??= { state: 'broken', reason };
    } else if (outcome.state === 'interrupted') endAll(outcome);
    else {
      const { restarts } = outcome;
      if (restarts.some(({ machine }) => isStrained(machine))) droppedRestarts += 1;
      for (const [index, head] of playing.entries()) {
        const restart = restarts[index];
        if (restart === undefined) continue;
        const judge = (of: readonly Restart[]) => judged(of, heads.indexOf(head));
        const { mostRestarts: most } = terms.layout;
        takeUp(head, restart, judge, { repeat, most, of: heads.length > 1 ? head.name : null, onEvent });
      }
    }
  }
  return heads.map(({ restarts, dropped, end }) => ({
    ...{ restarts, dropped, repeated },
    end: end ?? { state: 'decided' },
  }));
}

/** Takes up a restart of a head, unless the machine spoiled it, and sees whether the head is over. */
function takeUp(
  head: PlayedHead,
  restart: Restart,
  judged: (restarts: readonly Restart[]) => DuetJudgement,
  {
    repeat,
    most,
    of,
    onEvent,
  }: Pick<Watch, 'onEvent'> &
    Pick<Extract<DuetEvent, { kind: 'stands' }>, 'repeat' | 'most'> & {
      readonly of: string | null;
    },
): void {
  const { restarts, dropped } = head;
  const number = restarts.length + 1;
  const { startedAt, machine } = restart;
  if (machine && isStrained(machine)) {
    dropped.push({ number, startedAt, machine });
    onEvent?.({ kind: 'dropped', number, repeat });
    if (dropped.length - head.droppedBefore < mostDropped) return;
    head.end = { state: 'broken', reason: strainedReason(mostDropped, repeat), cause: 'spoiled' };
    return;
  }
  restarts.push({ ...restart, number });
  if (nothingAnswered(restarts)) {
    head.end = { state: 'broken', reason: 'neither side gave one expected answer', cause: 'noneAnswered' };
    return;
  }
  const judgement = judged(restarts);
  onEvent?.({ kind: 'stands', restarts, judgement, repeat, most, ...(of === null ? {} : { head: of }) });
  if (judgement.progress.state === 'over') head.end = { state: 'decided' };
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
  const isStart = error.problems.every(({ code }) => code.startsWith('serve.') || code === 'setup.failed');
  return { state: isStart ? 'spoiled' : 'broken', reason: errorLine(error) };
}
