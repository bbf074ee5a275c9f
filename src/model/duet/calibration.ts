import type { RegressionPolicy } from '../judgement/regression-policy.ts';
import type { MayBeNewer } from '../newer-parts.ts';
import type { DelayRule } from './delay-rule.ts';
import type { Contestant, DuetLayout, DuetRecord, Look, Restart, Side, StartSpread } from './duet.ts';

/** The fewest starts from which it is known how far starts differ. */
export const fewestStarts = 20;

/** The fewest starts from which duets are simulated: from fewer, nearly all of them would be the same. */
export const fewestToSimulate = 10;

/** What both sides showed while one rule held. */
export interface CalibrationPhase {
  /** Of the delayed side alone; the other one's answers are never delayed. */
  readonly rule: DelayRule;
  readonly restart: Restart;
}

/** One start of one build on both sides, loaded phase after phase, each by another rule. */
export interface CalibrationRestart {
  /** From 1. */
  readonly number: number;
  /** The side that is delayed where a rule says so: by coin, so that no side is the slower one by itself. */
  readonly delayed: Side;
  /** In the order in which they were measured, which a coin decides too; the same rules in every restart. */
  readonly phases: readonly CalibrationPhase[];
}

/** How often something happened, with its 95 % interval (Clopper–Pearson). */
export interface Rate {
  readonly hits: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How far two starts of one build differ in a quantile of an endpoint: standard deviations of the natural logarithm of
 * the ratio of the two sides.
 */
export interface QuantileSpread {
  readonly endpoint: string;
  readonly metric: 'p50' | 'p95';
  readonly starts: number;
  /** From start to start, what measuring scatters taken out; 0 where it scatters as much as starts differ. */
  readonly value: number;
  /** Its one-sided 95 % upper bound. */
  readonly upper: number;
  /** What measuring once more on the same two starts scatters; null where each start was measured once. */
  readonly within: number | null;
}

/** How many duets of a build against itself there were, and how many of them failed. */
export interface AlarmCount {
  readonly duets: number;
  readonly accused: number;
  /** The one-sided 95 % upper bound of the share (Clopper–Pearson); 1 of no duets. */
  readonly upper: number;
}

/**
 * How often a build is accused of being slower than itself; of rounds, how often one instance crosses the bar against
 * itself.
 *
 * `real` counts duets as they were measured, one of every `mostRestarts` restarts: honest, but so few that their bound alone
 * says little (none of one leaves 95 % open, none of twelve 22 %). `simulated` counts duets put together from the
 * recorded restarts, with the sides of each swapped by coin: sign flips keep their level on such duets by construction, so
 * this checks the rules and holds only where neither side is favoured by its place. It cannot show a fault that makes
 * one side slower in every restart, since the coin undoes just that; only real duets can.
 */
export interface FalseAlarms {
  readonly real: AlarmCount;
  readonly simulated: AlarmCount;
}

/** A relative change with its 95 % interval (Student's t over starts). */
export interface MeasuredShift {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * By how much an injected delay moved the quantiles of an endpoint, against the same starts without it: pooled over all
 * delays of a kind as one effect per restart of factor.
 */
export interface EndpointShift {
  readonly endpoint: string;
  readonly p50: MeasuredShift | null;
  readonly p95: MeasuredShift | null;
}

/** What had become of the simulated duets when they were looked at: each is in just one of the rates. */
export interface LookRates {
  readonly restarts: number;
  /** The load of so many restarts, in ms, both sides together. */
  readonly loadMs: number;
  /** The changed endpoint had failed. */
  readonly caught: Rate;
  /** Another endpoint had failed, and the changed one had not. */
  readonly accused: Rate;
  /** Over, with nothing failed and the change established as one that is surely within the tolerance. */
  readonly warned: Rate;
  /** Over and green. */
  readonly passed: Rate;
  /** Over without an answer, or still going on. */
  readonly open: Rate;
}

/**
 * What becomes of duets in which one endpoint, each of them in its turn, has the injected delay and the others have
 * not.
 *
 * Each duet draws its restarts from the recorded starts, with replacement: the shift that was measured, and what the start
 * deviates from it, either way by coin. The intervals of the rates are those of drawing: they would shrink to nothing
 * with more draws and say nothing of whether the recorded starts are typical. A start that was not recorded is never
 * drawn, so a rare bad start may be missing, and with n starts the drawn ones scatter by a factor of √(1 − 1/n) too
 * little, 2.5 % of 20. For what few starts leave open stands `cautious`. Of fewer than 10 starts, and of rounds, none is
 * simulated, and the rates are of nothing.
 */
export interface EffectPower {
  readonly rule: DelayRule;
  readonly shifts: readonly EndpointShift[];
  readonly looks: readonly LookRates[];
  /** Caught by the last look, by endpoint. */
  readonly endpoints: readonly { readonly endpoint: string; readonly caught: Rate }[];
  /**
   * Caught by the last look, were the standard deviation of all times at its 95 % upper bound (chi-square of the number
   * of starts) and every shift at the lower end of its 95 % interval: pessimistic for all endpoints at once.
   */
  readonly cautious: Rate;
  /** The load until a duet was over, in ms, on the average. */
  readonly meanLoadMs: number;
}

/** What the restarts of a calibration come to. */
export interface CalibrationFindings {
  /** Empty of rounds, which are no starts. */
  readonly spreads: readonly QuantileSpread[];
  /** The greatest spread, by its bound; null of fewer than 20 starts of any endpoint, and of rounds. */
  readonly startSpread: StartSpread | null;
  readonly falseAlarms: FalseAlarms;
  readonly power: readonly EffectPower[];
}

/** A calibration as it is stored: of one scenario on one machine. */
export interface Calibration extends MayBeNewer {
  readonly schemaVersion: 2;
  readonly header: DuetRecord['header'];
  /** Both sides. */
  readonly contestant: Contestant;
  readonly layout: DuetLayout;
  /** At which the simulated duets were looked at. */
  readonly looks: readonly Look[];
  /** The limits by which the simulated duets were judged. */
  readonly policy: RegressionPolicy;
  readonly restarts: readonly CalibrationRestart[];
  readonly findings: CalibrationFindings;
}

/** What a duet is judged by, as far as a calibration must agree with it to tell of it. */
export type DuetTerms = Pick<Calibration, 'layout' | 'looks' | 'policy'>;
