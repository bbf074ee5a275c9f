/** A request that is about to be sent: what `prepare` sets of it is sent. */
export interface RequestDraft {
  readonly method: string;
  /** Without the base path of the target, and without the query. */
  path: string;
  query: URLSearchParams;
  /** By their names in lower case; one with several values is a list, and one that is deleted is not sent. */
  headers: { [name: string]: string | number | boolean | readonly string[] | undefined };
  /** Text, or bytes where it is none; null of a request without a body. */
  body: string | Uint8Array | null;
}

/** The virtual user that makes a request. */
export interface ScenarioUser {
  /** What earlier steps of the journey and the setup captured. */
  readonly vars: { readonly [name: string]: unknown };
  /** The rows of the journey, by data set and column. */
  readonly data: { readonly [set: string]: { readonly [column: string]: unknown } };
  /** The number of the journey in the run, from 1. */
  readonly iteration: number;
  /** A number in [0, 1): the same for the same seed, journey and step, whichever thread asks. */
  random(): number;
}

/** An answer with an expected status. */
export interface ScenarioResponse {
  readonly status: number;
  /** By their names in lower case; several of one name stand in one text, with commas. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: string;
  /** On the wire, header and body. */
  readonly bytes: number;
  /** From when the request was written to the last byte of the answer. */
  readonly serviceMs: number;
  /** The body as JSON; one that is none fails the check. */
  json<Value = unknown>(): Value;
}

/** Changes a request before it is sent: in place, or by what it returns. */
export type Prepare = (
  request: RequestDraft,
  user: ScenarioUser,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has this type
) => Partial<Omit<RequestDraft, 'method'>> | undefined | void;

/** True holds; false, or a text that says why, fails the request. Several checks stand in an object by their names. */
export type CheckResult = boolean | string | { readonly [name: string]: boolean | string };

/** Looks at an answer with an expected status. */
export type CheckAnswer = (response: ScenarioResponse, user: ScenarioUser) => CheckResult;

/** A function of the scenario that held the generator up: nothing is sent or read while it runs. */
export interface BlockingCode {
  readonly endpoint: string;
  readonly function: 'prepare' | 'check';
  /** How often it took more than 50 ms. */
  readonly times: number;
  readonly longestMs: number;
}
