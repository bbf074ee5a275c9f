import type { Setting } from './drawn-restart.ts';

/** How a duet came out; an accusation of what did change is `caught`, of nothing but what did not, `accused`. */
export type Outcome = 'caught' | 'accused' | 'warned' | 'passed' | 'inconclusive';

/** How the duets of one workload and setting came out. */
export interface Tally extends Setting {
  readonly workload: string;
  readonly duets: number;
  /** How many of them came out so after so many restarts. */
  readonly outcomes: readonly {
    readonly outcome: Outcome;
    readonly restarts: number;
    readonly duets: number;
  }[];
  /** Duets that accused anything that did not change, whatever else they accused. */
  readonly wrong: number;
  /** What was told of p95 of the changed endpoint: the sum of its log ratios, and of how many duets. */
  readonly told: { readonly sum: number; readonly of: number };
  /** How often each rule of others accused: an endpoint that changed, or where none did, any. */
  readonly rules: { readonly [rule: string]: number };
  /** The load of one restart, both sides. */
  readonly unitLoadMs: number;
}

/** One duet. */
export interface Played {
  readonly outcome: Outcome;
  readonly restarts: number;
  readonly isWrong: boolean;
  /** The log ratio that is told of p95 of the changed endpoint; null where nothing is. */
  readonly told: number | null;
  /** The names of the rules that accused. */
  readonly rules: readonly string[];
}

/** A tally of no duets. */
export function emptyTally(workload: string, setting: Setting, unitLoadMs: number): Tally {
  return {
    workload,
    ...setting,
    duets: 0,
    outcomes: [],
    wrong: 0,
    told: { sum: 0, of: 0 },
    rules: {},
    unitLoadMs,
  };
}

/** The tally of duets that were played in one setting. */
export function tallyOf(start: Tally, played: readonly Played[]): Tally {
  const one = ({ outcome, restarts, isWrong, told, rules }: Played): Tally => ({
    ...start,
    duets: 1,
    outcomes: [{ outcome, restarts, duets: 1 }],
    wrong: isWrong ? 1 : 0,
    told: { sum: told ?? 0, of: told === null ? 0 : 1 },
    rules: Object.fromEntries(rules.map(rule => [rule, 1])),
  });
  return played.map(one).reduce(together, start);
}

/** Two tallies of one setting as one. */
export function together(one: Tally, other: Tally): Tally {
  const outcomes = one.outcomes.map(each => ({ ...each }));
  for (const more of other.outcomes) {
    const known = outcomes.find(
      ({ outcome, restarts }) => outcome === more.outcome && restarts === more.restarts,
    );
    if (known) known.duets += more.duets;
    else outcomes.push({ ...more });
  }
  const rules = Object.fromEntries(
    [...new Set([...Object.keys(one.rules), ...Object.keys(other.rules)])].map(rule => [
      rule,
      (one.rules[rule] ?? 0) + (other.rules[rule] ?? 0),
    ]),
  );
  return {
    ...one,
    duets: one.duets + other.duets,
    outcomes,
    wrong: one.wrong + other.wrong,
    told: { sum: one.told.sum + other.told.sum, of: one.told.of + other.told.of },
    rules,
  };
}

/** How many duets came out as one of these, within so many minutes of load. */
export function countOf(tally: Tally, of: readonly Outcome[], withinMinutes = Infinity): number {
  return tally.outcomes
    .filter(({ outcome, restarts }) => of.includes(outcome) && minutesOf(tally, restarts) <= withinMinutes)
    .reduce((sum, { duets }) => sum + duets, 0);
}

/** The minutes of load that a share of all duets took at most. */
export function minutesAt(tally: Tally, share: number): number {
  let count = 0;
  for (const { restarts, duets } of tally.outcomes.toSorted((one, other) => one.restarts - other.restarts)) {
    count += duets;
    if (count >= share * tally.duets) return minutesOf(tally, restarts);
  }
  return Number.NaN;
}

/** The minutes of load of so many restarts. */
export function minutesOf({ unitLoadMs }: Pick<Tally, 'unitLoadMs'>, restarts: number): number {
  return (restarts * unitLoadMs) / 60_000;
}
