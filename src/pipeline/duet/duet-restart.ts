import { warmUpPairs, warmUpPairsAgain } from '../../engine/slots/duet-layout.ts';
import {
  controlReadingsOf,
  measureSlots,
  readingsOf,
  type SlotMeasurement,
  type SlotOptions,
} from '../../engine/slots/slots.ts';
import type { DuetLayout, MachineStrain, OfBoth, Restart, Side } from '../../model/duet/duet.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { InterruptSignal } from '../../model/run/record.ts';
import { medianOf } from '../../stats/order-statistic.ts';
import { hash } from '../../stats/random.ts';
import { duration, span } from '../../words/quantity-text.ts';
import { coins, orderByCoin } from './coins.ts';
import type { DuetSides, RunningSides } from './duet-sides.ts';
import { framed } from './framed-sides.ts';

/** What a restart is played by. */
export interface RestartTerms {
  /** Its load is steady. */
  readonly plan: Plan;
  readonly layout: DuetLayout;
  /** Of the duet: every coin is a hash of it. */
  readonly seed: number;
  readonly interrupt?: AbortSignal | undefined;
  readonly onProgress?: (progress: RestartProgress) => void;
  /** Whether the sides were not loaded before, so that they are warmed up in full. */
  readonly isFirst?: boolean;
  /** Told what is to be told at once. */
  readonly onNote?: (sentence: string) => void;
  /** From the system unless given. */
  readonly readStrain?: SlotOptions['readStrain'];
}

/** How a restart stands. */
export interface RestartProgress {
  readonly phase: 'warmup' | 'measured';
  readonly pairs: number;
  readonly of: number;
}

/** What became of a restart; one sentence says why it is spoiled or broken. */
export type RestartOutcome =
  /** A restart of each head that was played, in order. */
  | { readonly state: 'measured'; readonly restarts: readonly Restart[] }
  | { readonly state: 'interrupted'; readonly signal: InterruptSignal }
  /** It was measured, or not, in a way that tells nothing of either side: to be played again. */
  | { readonly state: 'spoiled'; readonly reason: string }
  /** `by` names the places that are to blame; left out where it is nobody's, or not known. */
  | { readonly state: 'broken'; readonly reason: string; readonly by?: readonly string[] };

const drawsApart = 1_000;

/**
 * Starts base and the named heads afresh, warms them up, loads them in turn, and stops them again; `repeated` restarts were spoiled
 * before. APIs that run already are warmed up before the first of the `earlier` rounds alone, and stay as warm as they were then.
 */
export async function playRestart(
  duetSides: DuetSides,
  heads: readonly string[],
  earlier: readonly Restart[],
  repeated: number,
  terms: RestartTerms,
): Promise<RestartOutcome> {
  const { plan, layout } = terms;
  const number = earlier.length + 1;
  const before = duetSides.repeat === 'round' && !terms.isFirst ? earlier.at(-1) : undefined;
  // A restart that is played again has coins of its own.
  const draw = number + repeated * drawsApart;
  const startOrder = orderByCoin(terms.seed, 'first', draw, ['base', ...heads]);
  const startedAt = new Date();
  const running = await duetSides.open(startOrder);
  const places = Object.keys(running.places).length;
  try {
    const sidesTerms = {
      ...terms,
      number,
      startOrder,
      startedAt,
      draw,
      warmUp: before ? warmUpPairsAgain(layout, plan) : warmUpPairs(layout, places),
    };
    const outcome = await framed(running, terms, ready => measureRunning(ready, sidesTerms));
    if (outcome.state !== 'measured' || before === undefined) return outcome;
    const { isWarm } = before;
    return { ...outcome, restarts: outcome.restarts.map(restart => ({ ...restart, isWarm })) };
  } finally {
    await running.close();
  }
}

/** What both sides that are ready are measured by. */
export interface SidesTerms extends RestartTerms {
  readonly number: number;
  /** The names of the places, or of the sides where they are several, as they were started. */
  readonly startOrder: readonly string[];
  readonly startedAt: Date;
  /** Of the coins: another number draws other requests and another order of the slots. */
  readonly draw: number;
  readonly warmUp: { readonly leastPairs: number; readonly mostPairs: number };
}

/** Warms up both sides, and loads them in turn. */
export async function measureRunning(running: RunningSides, terms: SidesTerms): Promise<RestartOutcome> {
  const { plan, layout, seed, interrupt, onProgress, number, startOrder, startedAt, draw, warmUp } = terms;
  const before = running.cpuUs();
  const measurement = await measureSlots<string>(
    {
      // Other requests in every restart, the same on both sides.
      plan: { ...plan, seed: hash(seed, coins.requests, draw) },
      sides: running.places,
      slotMs: layout.slotMs,
      pairs: layout.pairsPerRestart,
      warmUp,
      seed: hash(seed, coins.slots, draw),
    },
    {
      onSecrets: running.learn,
      readStrain: terms.readStrain,
      ...(interrupt ? { interrupt } : {}),
      ...(onProgress ? { onProgress } : {}),
    },
  );
  const { completion } = measurement;
  if (completion.state === 'interrupted') return completion;
  const ended = running.ended();
  if (ended !== null) return { state: 'broken', reason: ended.reason, by: [ended.name] };
  const spoiled = exhaustionOf(measurement) ?? latenessOf(measurement, layout);
  if (spoiled !== null) return { state: 'spoiled', reason: spoiled };
  const broken = reasonOf(measurement);
  if (broken !== null) return { state: 'broken', ...broken };
  const after = running.cpuUs();
  const wallMs = Date.now() - startedAt.getTime();
  const restarts = running.names.map((names, index): Restart => {
    const places = names.base.length + names.head.length;
    const isBaseFirst = placeIn(startOrder, names.base, 'base') < placeIn(startOrder, names.head, 'head');
    return {
      number,
      startedAt: startedAt.toISOString(),
      first: isBaseFirst ? 'base' : 'head',
      ...running.drawn?.[index],
      warmUpMs: measurement.warmUpPairs * places * layout.slotMs,
      isWarm: measurement.warmth === 'flat',
      loadMs: (measurement.loadMs * places) / Object.keys(running.places).length,
      wallMs,
      endpoints: readingsOf(measurement, plan, names),
      cpuUsPerRequest: cpuPerRequest(before, after, measurement, names),
      sendLagP99Us: greatestLag(measurement, names),
      turnRise: riseOf(measurement, names),
      machine: strainOf(measurement, names),
      control: controlReadingsOf(measurement, plan, hash(seed, coins.control, draw), names.base),
    };
  });
  return { state: 'measured', restarts };
}

/** Where a side stands in the order of starts: by the name of its place, or its own where it has several. */
function placeIn(order: readonly string[], names: readonly string[], side: Side): number {
  return order.indexOf(names.length === 1 ? (names[0] as string) : side);
}

type Names = OfBoth<readonly string[]>;

const ofBoth = <Value>(names: Names, of: (names: readonly string[]) => Value): OfBoth<Value> => ({
  base: of(names.base),
  head: of(names.head),
});

function greatestLag({ generator }: SlotMeasurement<string>, names: Names): OfBoth<number> {
  return ofBoth(names, own => Math.max(...own.map(name => generator.sendLagP99Us[name] ?? 0)));
}

/** The median of the instances of a side. */
function riseOf({ turnRise }: SlotMeasurement<string>, names: Names): OfBoth<number | null> {
  return ofBoth(names, own => {
    const known = own.flatMap(name => turnRise[name] ?? []);
    return known.length === 0 ? null : medianOf(known);
  });
}

/** The mean of the turns of a side's instances; null where some of them do not know. */
function strainOf({ machine }: SlotMeasurement<string>, names: Names): OfBoth<MachineStrain> {
  return ofBoth(names, own => {
    const mean = (kind: keyof MachineStrain) => {
      const shares = own.map(name => machine[name]?.[kind] ?? null);
      return shares.every(share => share !== null)
        ? shares.reduce((sum, share) => sum + share, 0) / shares.length
        : null;
    };
    return { stolen: mean('stolen'), throttled: mean('throttled'), waited: mean('waited') };
  });
}

function exhaustionOf({ generator }: SlotMeasurement<string>): string | null {
  const exhausted = Object.keys(generator.exhausted);
  if (exhausted.length === 0) return null;
  return `this machine ran out of what connections need (${exhausted.join(', ')}), which no server is to blame for`;
}

function reasonOf({
  completion,
  heard,
  firstFailure,
}: SlotMeasurement<string>): { readonly reason: string; readonly by?: readonly string[] } | null {
  if (completion.state === 'complete') return null;
  if (completion.state === 'neverAnswered') {
    const silent = Object.keys(heard).filter(name => !heard[name]);
    const causes = silent.flatMap(name => firstFailure[name]?.detail ?? []);
    const cause = causes.length > 0 ? `: ${[...new Set(causes)].join('; ')}` : '';
    const after = span(Math.round(completion.afterMs));
    return { reason: `${silent.join(' and ')} never answered, for ${after}${cause}`, by: silent };
  }
  return completion.state === 'workerDied'
    ? { reason: `the load generator broke: ${completion.reason}` }
    : { reason: `the restart was not completed (${completion.state})` };
}

/** How late requests may go out whatever the length of a slot. */
const toleratedLagMs = 100;

/** Requests that are late by half a slot go out in the other side's turn: then both were loaded at once. */
function latenessOf(
  { generator: { sendLagP99Us: lag } }: SlotMeasurement<string>,
  { slotMs }: DuetLayout,
): string | null {
  const worstMs = Math.max(...Object.values(lag)) / 1_000;
  if (worstMs <= Math.max(toleratedLagMs, slotMs / 2)) return null;
  return (
    `the generator sent too late (p99 ${duration(worstMs)}), into the other side's turn: ` +
    'the machine was busy with something else, or the rate is more than it can send'
  );
}

/** The CPU time from before the first request to after the last, over the requests; null where it is not known. */
function cpuPerRequest(
  before: ReturnType<RunningSides['cpuUs']>,
  after: ReturnType<RunningSides['cpuUs']>,
  { sent }: SlotMeasurement<string>,
  { base: [base = ''], head: [head = ''] }: Names,
): OfBoth<number> | null {
  if (before === null || after === null || !sent[base] || !sent[head]) return null;
  const each = (name: string) => ((after[name] ?? 0) - (before[name] ?? 0)) / (sent[name] ?? 1);
  return { base: each(base), head: each(head) };
}
