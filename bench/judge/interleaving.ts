import { join } from 'node:path';
import { steadyLoad } from '../../src/engine/slots/duet-layout.ts';
import { measureSlots, readingsOf } from '../../src/engine/slots/slots.ts';
import type { Fingerprint } from '../../src/model/run/record.ts';
import { millis } from '../../src/model/units.ts';
import { hash } from '../../src/stats/random.ts';
import { duration, number } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import { type Backends, withBackends } from './backends.ts';
import { appendLine, readLines } from './json-lines.ts';
import { isSameMachine } from './machine-kind.ts';
import type { JudgeSetting } from './setting.ts';
import { workloads } from './workloads.ts';

const slotLengths = [50, 100, 250, 500, 1_000, 3_000];
/** Both sides together. */
const roundMs = 6_000;
/** Until connections are made and the senders' code is compiled. */
const beginningMs = 1_000;
/** Rounds between two starts of the backends. */
const roundsPerStart = 5;

/** The rounds of one pair of instances. */
interface Session {
  readonly startedAt: string;
  readonly machine: Fingerprint;
  /** The log ratios of p95, one a round, by slot length in ms. */
  readonly rounds: readonly { readonly slotMs: number; readonly logRatios: readonly number[] }[];
}

/** The spread of what a round shows of two instances of one build, by slot length; adds to the sessions so far. */
export async function measureInterleaving(setting: JudgeSetting): Promise<void> {
  for (let done = 0; done < setting.rounds; done += roundsPerStart) {
    const rounds = Math.min(roundsPerStart, setting.rounds - done);
    const startedAt = new Date().toISOString();
    const measured = await withBackends(workloads.one, setting, async backends => {
      const logRatios = new Map(slotLengths.map(slotMs => [slotMs, [] as number[]]));
      for (let round = 0; round < rounds; round += 1) {
        // In another order each time, so that what drifts meets all of them.
        for (const slotMs of shuffled(slotLengths, Date.parse(startedAt) + round)) {
          logRatios.get(slotMs)?.push(await playRound(backends, slotMs, done + round, setting.signal));
        }
        setting.say(`slot lengths: round ${done + round + 1} of ${setting.rounds}`);
      }
      return [...logRatios].map(([slotMs, ofRounds]) => ({ slotMs, logRatios: ofRounds }));
    });
    const session: Session = { startedAt, machine: setting.machine, rounds: measured };
    appendLine(fileIn(setting), session);
  }
}

/** The table of all sessions on such a machine. */
export function interleavingTable(setting: JudgeSetting): Measured | null {
  const sessions = readLines<Session>(fileIn(setting), setting.say).filter(({ machine }) =>
    isSameMachine(machine, setting.machine),
  );
  const spreads = slotLengths.flatMap(slotMs => {
    const spread = spreadWithin(
      sessions
        .flatMap(({ rounds }) => rounds.filter(each => each.slotMs === slotMs))
        .map(each => each.logRatios),
    );
    return spread === null ? [] : [{ slotMs, ...spread }];
  });
  if (spreads.length === 0) return null;
  return {
    tables: [
      {
        title: 'Slot lengths',
        method: `Two instances of the reference backend, one endpoint at 150/s, in rounds of ${duration(roundMs)} in all: the standard deviation of the log ratio of p95 from round to round of the same two instances. The lengths took turns in random order; new instances every ${roundsPerStart} rounds.`,
        columns: [
          { title: 'slot', align: 'right' },
          { title: 'slots a side', align: 'right' },
          { title: 'rounds', align: 'right' },
          { title: 'spread of log p95 ratio', align: 'right' },
          { title: '± standard error', align: 'right' },
        ],
        rows: spreads.map(({ slotMs, rounds, spread, error }) => [
          duration(slotMs),
          String(roundMs / 2 / slotMs),
          String(rounds),
          number(spread),
          number(error, 2),
        ]),
        notes: [],
      },
    ],
    figures: spreads,
  };
}

/**
 * The standard deviation within groups, each about its own mean, pooled; its standard error s / √(2ν) is that of normal
 * values with ν degrees of freedom. Null where no group has two values.
 */
export function spreadWithin(
  groups: readonly (readonly number[])[],
): { readonly rounds: number; readonly spread: number; readonly error: number } | null {
  const squares = groups.map(values => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  const rounds = groups.flat().length;
  const freedom = rounds - groups.filter(({ length }) => length > 0).length;
  if (freedom < 1) return null;
  const spread = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / freedom);
  return { rounds, spread, error: spread / Math.sqrt(2 * freedom) };
}

const fileIn = ({ results }: JudgeSetting) => join(results, 'interleaving.jsonl');

async function playRound(
  { plan, places }: Backends,
  slotMs: number,
  round: number,
  signal: AbortSignal,
): Promise<number> {
  const pairs = roundMs / 2 / slotMs;
  const beginning = Math.max(1, Math.round(beginningMs / 2 / slotMs));
  const order = {
    plan: {
      ...plan,
      load: steadyLoad(plan.load, millis(pairs * slotMs)),
      seed: hash(plan.seed, slotMs, round),
    },
    sides: places,
    slotMs,
    pairs,
    warmUp: { leastPairs: beginning, mostPairs: beginning },
    seed: hash(plan.seed, slotMs + 1, round),
  };
  const measured = await measureSlots(order, { interrupt: signal });
  signal.throwIfAborted();
  const [reading] = readingsOf(measured, plan);
  const [base, head] = [reading?.base.p95Us, reading?.head.p95Us];
  if (!base || !head || measured.completion.state !== 'complete') throw new Error('a round was not measured');
  return Math.log(head / base);
}

function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  return items
    .map((item, index) => ({ item, place: hash(seed, 3, index) }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
