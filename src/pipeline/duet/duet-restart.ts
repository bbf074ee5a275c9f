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
import { coins, sideByCoin } from './coins.ts';
import type { DuetSides, RunningSides } from './duet-sides.ts';

/** What a restart is played by. */
export interface RestartTerms {
  /** Its load is steady. */
  readonly plan: Plan;
  readonly layout: DuetLayout;
  /** Of the duet: every coin is a hash of it. */
  readonly seed: number;
  readonly interrupt?: AbortSignal | undefined;
  readonly onProgress?: (progress: RestartProgress) => void;
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
  | { readonly state: 'measured'; readonly restart: Restart }
  | { readonly state: 'interrupted'; readonly signal: InterruptSignal }
  /** It was measured, or not, in a way that tells nothing of either side: to be played again. */
  | { readonly state: 'spoiled'; readonly reason: string }
  | { readonly state: 'broken'; readonly reason: string };

const drawsApart = 1_000;

/**
 * Starts both sides afresh, warms them up, loads them in turn, and stops them again; `repeated` restarts were spoiled before.
 * APIs that run already are warmed up before the first of the `earlier` rounds alone, and stay as warm as they were then.
 */
export async function playRestart(
  duetSides: DuetSides,
  earlier: readonly Restart[],
  repeated: number,
  terms: RestartTerms,
): Promise<RestartOutcome> {
  const { plan, layout } = terms;
  const number = earlier.length + 1;
  const before = duetSides.repeat === 'round' ? earlier.at(-1) : undefined;
  // A restart that is played again has coins of its own.
  const draw = number + repeated * drawsApart;
  const first = sideByCoin(terms.seed, 'first', draw);
  const startedAt = new Date();
  const running = await duetSides.open(first);
  try {
    const outcome = await measureRunning(running, {
      ...terms,
      number,
      first,
      startedAt,
      draw,
      warmUp: before ? warmUpPairsAgain(layout, plan) : warmUpPairs(layout),
    });
    if (outcome.state !== 'measured' || before === undefined) return outcome;
    return { ...outcome, restart: { ...outcome.restart, isWarm: before.isWarm } };
  } finally {
    await running.close();
  }
}

/** What both sides that are ready are measured by. */
export interface SidesTerms extends RestartTerms {
  readonly number: number;
  readonly first: Side;
  readonly startedAt: Date;
  /** Of the coins: another number draws other requests and another order of the slots. */
  readonly draw: number;
  readonly warmUp: { readonly leastPairs: number; readonly mostPairs: number };
}

/** Warms up both sides, and loads them in turn. */
export async function measureRunning(running: RunningSides, terms: SidesTerms): Promise<RestartOutcome> {
  const { plan, layout, seed, interrupt, onProgress, number, first, startedAt, draw, warmUp } = terms;
  const before = running.cpuUs();
  const { names } = running;
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
  if (ended !== null) return { state: 'broken', reason: ended };
  const spoiled = exhaustionOf(measurement) ?? latenessOf(measurement, layout);
  if (spoiled !== null) return { state: 'spoiled', reason: spoiled };
  const broken = reasonOf(measurement);
  if (broken !== null) return { state: 'broken', reason: broken };
  return {
    state: 'measured',
    restart: {
      number,
      startedAt: startedAt.toISOString(),
      first,
      ...running.drawn,
      warmUpMs: measurement.warmUpPairs * Object.keys(running.places).length * layout.slotMs,
      isWarm: measurement.warmth === 'flat',
      loadMs: measurement.loadMs,
      wallMs: Date.now() - startedAt.getTime(),
      endpoints: readingsOf(measurement, plan, names),
      cpuUsPerRequest: cpuPerRequest(before, running.cpuUs(), sentBy(measurement, names)),
      sendLagP99Us: greatestLag(measurement, names),
      turnRise: riseOf(measurement, names),
      machine: strainOf(measurement, names),
      control: controlReadingsOf(measurement, plan, hash(seed, coins.control, draw), names.base),
    },
  };
}

type Names = OfBoth<readonly string[]>;

const ofBoth = <Value>(names: Names, of: (names: readonly string[]) => Value): OfBoth<Value> => ({
  base: of(names.base),
  head: of(names.head),
});

function sentBy({ sent }: SlotMeasurement<string>, names: Names): OfBoth<number> {
  return ofBoth(names, own => own.reduce((sum, name) => sum + (sent[name] ?? 0), 0));
}

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

function reasonOf({ completion, heard, firstFailure }: SlotMeasurement<string>): string | null {
  if (completion.state === 'complete') return null;
  if (completion.state === 'neverAnswered') {
    const silent = Object.keys(heard).filter(name => !heard[name]);
    const causes = silent.flatMap(name => firstFailure[name]?.detail ?? []);
    const cause = causes.length > 0 ? `: ${[...new Set(causes)].join('; ')}` : '';
    return `${silent.join(' and ')} never answered, for ${span(Math.round(completion.afterMs))}${cause}`;
  }
  if (completion.state === 'workerDied') return `the load generator broke: ${completion.reason}`;
  return `the restart was not completed (${completion.state})`;
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

/** The CPU time from before the first request to after the last, over the requests. */
function cpuPerRequest(
  before: OfBoth<number> | null,
  after: OfBoth<number> | null,
  sent: OfBoth<number>,
): OfBoth<number> | null {
  if (before === null || after === null || sent.base === 0 || sent.head === 0) return null;
  return { base: (after.base - before.base) / sent.base, head: (after.head - before.head) / sent.head };
}
