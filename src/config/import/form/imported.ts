import type { ImportedText } from './imported-text.ts';
import type { Omissions } from './omissions.ts';

/** A name with its value, as headers, queries and forms have them. */
export interface ImportedPair {
  readonly name: string;
  readonly value: ImportedText;
}

/** A body by what it is: JSON, a form, or text of some type. */
export type ImportedBody =
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
  /** Names of values in the JSON answer by their JSONPath, which later steps use. */
  readonly captures: readonly { readonly name: string; readonly path: string }[];
}

/** A pause of a user. */
interface ImportedPause {
  readonly kind: 'pause';
  readonly milliseconds: number;
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
  /** Journeys per second, from the beginning to the end of the stretch. */
  readonly from: number;
  readonly to: number;
}

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
  /** Whether the values are of real traffic, so that bodies may hold secrets. */
  readonly isRecorded: boolean;
  readonly omissions: Omissions;
}
