import type { NewerParts } from '../newer-parts.ts';
import type { InterruptSignal } from '../run/record.ts';
import type { Scope } from './budget.ts';
import type { Evidence, LatenessCause } from './evidence.ts';
import type { Metric } from './metric.ts';

/** How a run was stopped by its `abortOn`: the share of errors, over how long, after how long. */
export interface Stop {
  readonly errorRate: number;
  readonly forMs: number;
  readonly durationMs: number;
}

/** A metric of a scope. */
export interface Subject {
  readonly metric: Metric;
  readonly scope: Scope;
}

/** The budgets file speaks of scenarios that nobody knows: a misspelt name would else go unnoticed for ever. */
export interface UnusedBudgets {
  readonly kind: 'unusedBudgets';
  readonly file: string | null;
  readonly scenarios: readonly string[];
}

/** A plan is too short to settle a budget: so many independent samples are needed, so many requests are expected in `seconds`. */
export interface Shortfall extends Subject {
  readonly kind: 'shortfall';
  readonly needed: number;
  readonly requests: number;
  readonly seconds: number;
}

/** What is known of a run's verdict before it begins. */
export type Foreseen = UnusedBudgets | Shortfall;

/** What a reader should know of a run though it decides nothing. */
export type RunNote =
  | UnusedBudgets
  /** The record holds parts that this version does not know. */
  | { readonly kind: 'newer'; readonly newer: NewerParts }
  | { readonly kind: 'interrupted'; readonly signal: InterruptSignal; readonly measuredMs: number }
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Queueing is invisible. */
  | { readonly kind: 'closedModel' }
  /** Requests waited for one of so many connections. */
  | { readonly kind: 'queued'; readonly requests: number; readonly connections: number }
  /** What was slow or failed came in bursts: the finding whose evidence suffers most. */
  | ({ readonly kind: 'bursts'; readonly evidence: Evidence } & Subject)
  | { readonly kind: 'sharedMachine' }
  /** So many requests went out more than `byMs` late, too few to make other arrivals of them. */
  | {
      readonly kind: 'someLate';
      readonly late: number;
      readonly requests: number;
      readonly byMs: number;
      readonly cause: LatenessCause;
    }
  /** The pool was too small, and service time alone breaks a limit. */
  | ({ readonly kind: 'smallPoolYetBroken'; readonly connections: number } & Subject)
  /** The busiest worker had hardly any time left. */
  | {
      readonly kind: 'busyWorker';
      readonly busy: number;
      readonly model: 'open' | 'closed';
      readonly engine: 'http' | 'autocannon';
    }
  | { readonly kind: 'autocannon' }
  | { readonly kind: 'unverifiedCertificates' };
