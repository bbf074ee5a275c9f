import type { BlockingCode } from '../code/user-code.ts';
import type { NewerParts } from '../newer-parts.ts';
import type { ErrorBodyCount } from '../run/check-count.ts';
import type { InterruptSignal } from '../run/record.ts';
import type { ResultsOrigin, ResultTool } from '../run/results.ts';
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

/** So few arrivals make a journey that none may: null where nobody can count them beforehand. */
export interface RareJourney {
  readonly kind: 'rareJourney';
  readonly journey: string;
  readonly weight: number;
  readonly weights: number;
  readonly planned: number | null;
}

/** A stage with a budget, in which no journey starts: only later steps of earlier journeys can fall into it. */
export interface IdleStage {
  readonly kind: 'idleStage';
  readonly stage: number;
}

/** What is known of a run's verdict before it begins. */
export type Foreseen = UnusedBudgets | Shortfall | RareJourney | IdleStage;

/** What a run that came to its end was asked to do and did not: a pass with it is only a warning. */
export type Undone =
  /** Of a fixed number of journeys not all were made to their end within `maxDuration`. */
  | {
      readonly kind: 'journeys';
      readonly made: number;
      readonly asked: number;
      readonly maxDurationMs: number;
    }
  /** Each row of a data set was used once, and then no journey could be made that needs one. */
  | { readonly kind: 'data'; readonly set: string; readonly rows: number }
  /** Not all users began a journey. */
  | { readonly kind: 'users'; readonly started: number; readonly asked: number }
  /** No request to these was due in the stages: so many journeys were cut by the end of the load, or ended early. */
  | {
      readonly kind: 'endpoints';
      readonly endpoints: readonly string[];
      readonly cut: number;
      readonly abandoned: number;
    };

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
  /** So many answers found no room among the bodies that all users keep. */
  | { readonly kind: 'tooLarge'; readonly requests: number }
  /** The log of the API that Plimsoll had started was too short for so much of its output. */
  | { readonly kind: 'logCut'; readonly bytes: number }
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
  /** Nearly all answers of an endpoint were redirects, which the scenario does not name as expected. */
  | {
      readonly kind: 'redirects';
      readonly endpoint: string;
      readonly redirects: number;
      readonly answers: number;
      readonly statuses: readonly number[];
    }
  /** Answers hold errors of GraphQL, and count as ok. */
  | ({ readonly kind: 'errorBodies' } & ErrorBodyCount)
  /** A function of the scenario held the generator up. */
  | ({ readonly kind: 'blockingCode' } & BlockingCode)
  /** Another tool measured: how well is not known. */
  | ({ readonly kind: 'otherTool' | 'noEndpoints' | 'answeredOnly' } & Pick<ResultsOrigin, 'tool' | 'format'>)
  /** It kept only a summary; of so many failed requests, the times are among the others. */
  | { readonly kind: 'summaryOnly'; readonly tool: ResultTool; readonly errors: number }
  | { readonly kind: 'autocannon' }
  /** Requests went through a proxy, without its credentials; `from` is what names it. */
  | { readonly kind: 'proxied'; readonly url: string; readonly from: string }
  | { readonly kind: 'unverifiedCertificates' };
