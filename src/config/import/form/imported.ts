import type { ImportedText } from './imported-text.ts';
import type { Omissions } from './omissions.ts';

/** A name with its value, as headers, queries and forms have them. */
export interface ImportedPair {
  readonly name: string;
  readonly value: ImportedText;
}

/** A text in a JSON value that is filled in later; where it is one capture alone, the value keeps its type. */
export class FilledText {
  readonly text: ImportedText;

  constructor(text: ImportedText) {
    this.text = text;
  }
}

/** A value in an answer that later steps use: at a JSONPath of its body, or a header. */
export type ImportedCapture = { readonly name: string } & (
  | { readonly path: string }
  | { readonly header: string }
);

/** What an answer must be to count as ok; JSON by JSONPath. */
export interface ImportedExpectation {
  /** Empty for any 2xx or 3xx. */
  readonly statuses: readonly number[];
  readonly headers: readonly { readonly name: string; readonly test: ImportedTest }[];
  /** Null for nothing. */
  readonly body: ImportedTest | null;
  readonly json: readonly { readonly path: string; readonly test: ImportedTest }[];
}

/** A comparison as scenarios name it, such as `equals`, with plain text, numbers, true, false or null. */
export interface ImportedTest {
  readonly is: 'equals' | 'not' | 'above' | 'below' | 'atLeast' | 'atMost' | 'contains' | 'exists' | 'length';
  readonly value: string | number | boolean | null;
}

/** A body by what it is: JSON, a form, or text of some type. */
export type ImportedBody =
  /** Instead of a string it may hold a `FilledText`. */
  | { readonly kind: 'json'; readonly json: unknown }
  | { readonly kind: 'form' | 'multipart'; readonly fields: readonly ImportedPair[] }
  | { readonly kind: 'text'; readonly type: string | null; readonly text: ImportedText };

/** The one form of a request that all imports have in common: what a HAR file holds of one, without what a client adds itself. */
export interface ImportedRequest {
  readonly kind: 'request';
  readonly method: string;
  /** Without the query, and with what a URL must encode encoded; it begins with a slash or a capture. */
  readonly path: ImportedText;
  /** Neither is encoded. */
  readonly query: readonly ImportedPair[];
  readonly headers: readonly ImportedPair[];
  readonly body: ImportedBody | null;
  /** The path with its changing parts named, as `/bills/:id`; null where nothing tells them. */
  readonly route: string | null;
  /** What it is called where it comes from, for people. */
  readonly name: string | null;
  readonly captures: readonly ImportedCapture[];
  /** Left out where nothing is said of answers. */
  readonly expect?: ImportedExpectation;
}

/** A pause of a user. */
interface ImportedPause {
  readonly kind: 'pause';
  readonly milliseconds: number;
  /** Of a pause that is drawn from a range: its end. */
  readonly mostMilliseconds?: number;
}

/** What a user does next. */
export type ImportedStep = ImportedRequest | ImportedPause;

/** What one user does, and how often compared with others. */
export interface ImportedJourney {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly ImportedStep[];
}

/** A stretch of load of a source that says how much there is. */
export interface ImportedStage {
  readonly seconds: number;
  /** Journeys per second, or users, from the beginning to the end of the stretch. */
  readonly from: number;
  readonly to: number;
}

/** The load of a source that has users, or that says more than stages. */
export type ImportedLoad =
  | { readonly model: 'open' | 'closed'; readonly stages: readonly ImportedStage[] }
  | {
      readonly model: 'iterations';
      readonly users: number;
      readonly iterations: number;
      readonly mostSeconds: number;
    };

/** What a source holds, in the normal form. */
export interface Imported {
  /** What it is, for people: `petstore.yaml (OpenAPI 3.0)`. */
  readonly source: string;
  /** A name for the scenario. */
  readonly title: string;
  /** Scheme, host and port that the requests go to; null if the source names none. */
  readonly origin: string | null;
  readonly journeys: readonly ImportedJourney[];
  /** Null where the source says nothing of load. */
  readonly stages: readonly ImportedStage[] | null;
  /** In place of the stages. */
  readonly load?: ImportedLoad;
  /** Limits on the whole, by metrics. */
  readonly budgets?: { readonly [metric: string]: string };
  /** Files with rows, relative to the folder of the scenario. */
  readonly data?: readonly { readonly name: string; readonly file: string }[];
  /** Whether the values are of real traffic, so that bodies may hold secrets. */
  readonly isRecorded: boolean;
  readonly omissions: Omissions;
}
