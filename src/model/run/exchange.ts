import type { DescriptionCheck } from './description.ts';
import type { FailureKind } from './failure.ts';

/** One request and its answer, as people look at them: without secrets, and cut where they are long. */
export interface Exchange {
  readonly journey: string;
  /** Which step of its journey, from 1; think times count. */
  readonly step: number;
  readonly endpoint: string;
  /** As it was sent; empty where it could not be. */
  readonly request: string;
  /** Null where no whole answer came. */
  readonly answer: Answer | null;
  /** From written to last byte; null where nothing was written. */
  readonly serviceMs: number | null;
  /** Of an answer that is read as a stream; left out of others. */
  readonly stream?: StreamSeen;
  readonly failure: { readonly kind: FailureKind; readonly detail: string } | null;
  /** What the answer gave to later steps. */
  readonly captured: readonly { readonly name: string; readonly value: string }[];
}

/** What was seen of a streamed answer. */
export interface StreamSeen {
  /** From the first that counts on. */
  readonly events: number;
  /** From written to the first event; null without one. */
  readonly firstMs: number | null;
  readonly longestGapMs: number;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  /** Status line and header fields. */
  readonly head: string;
  /** As text; null where it is none, or too large to be kept. */
  readonly body: string | null;
  /** On the wire, header and body. */
  readonly bytes: number;
}

/** Each step of a scenario sent once. */
export interface OnceRun {
  readonly scenario: string;
  readonly target: string;
  readonly exchanges: readonly Exchange[];
  /** Requests of its journeys that were not sent, since the journey had ended, or the run was interrupted. */
  readonly unsent: number;
  /** There where it was held against a description of the API. */
  readonly description?: DescriptionCheck;
}
