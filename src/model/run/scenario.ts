import type { FunctionPlace } from '../code/user-module.ts';
import type { Millis, PerSecond } from '../units.ts';
import type { Generator } from './generator.ts';
import type { Signing } from './signing.ts';

/** A stretch of an open load: journeys started per second, rising or falling linearly from `from` to `to`. */
export interface OpenSides {
  readonly duration: Millis;
  readonly from: PerSecond;
  readonly to: PerSecond;
}

/** A stretch of a closed load: concurrent users, rising or falling linearly from `from` to `to`. */
export interface ClosedStage {
  readonly duration: Millis;
  readonly from: number;
  readonly to: number;
}

/** Arrivals come at a rate, however slow the API is. */
export interface OpenLoad {
  readonly model: 'open';
  readonly warmup: Millis;
  readonly arrivals: 'constant' | 'poisson';
  readonly stages: readonly OpenSides[];
}

/** A fixed number of users, each waiting for its answer. */
export interface ClosedLoad {
  readonly model: 'closed';
  readonly warmup: Millis;
  readonly stages: readonly ClosedStage[];
  /** The least time from one journey's start to the same user's next; 0 for none. */
  readonly pacing: Millis;
  /** Users start together, and stay together where they are paced; spread by their numbers where it is left out. */
  readonly stagger?: 'none';
  /** Journeys in all, over all users; null when the stages alone end the run. */
  readonly iterations: number | null;
}

/** How the load is applied. */
export type Load = OpenLoad | ClosedLoad;

/** How Plimsoll starts the API under test itself. */
export interface Serve {
  /** What installs and builds a commit, in this order; run only where Plimsoll checked it out. Null for nothing to do. */
  readonly install: string | null;
  readonly build: string | null;
  readonly start: string;
  readonly ready: { readonly method: string; readonly path: string };
  readonly timeout: Millis;
  /** The folder in which the commands run. */
  readonly directory: string;
}

/** Text with holes: literal parts around the expressions that fill them; always one literal more than expressions. */
export interface Template {
  readonly literals: readonly string[];
  readonly expressions: readonly Expression[];
}

/** What fills a hole of a template: a column of a data set, or a value that an earlier step captured. */
export type Expression =
  | ({ readonly kind: 'data'; readonly set: number; readonly column: number } & HoleNotes)
  | ({ readonly kind: 'capture'; readonly slot: number } & HoleNotes)
  /** The number of the journey in the run, from 1. */
  | ({ readonly kind: 'iteration' } & HoleNotes)
  /** Where the latest answer redirected to. */
  | ({ readonly kind: 'redirect' } & HoleNotes)
  /** The header with the cookies of the journey. */
  | ({ readonly kind: 'cookies' } & HoleNotes)
  /** A value that is made up; `hole` is the place of the hole in its request. */
  | ({ readonly kind: 'generated'; readonly generator: Generator; readonly hole?: number } & HoleNotes)
  /** A text that is filled in itself, before the filters have their say. */
  | ({ readonly kind: 'joined'; readonly template: Template } & HoleNotes)
  /** A file, the same for all users; `name` is the path that the scenario gives. */
  | ({ readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array } & HoleNotes);

/** How a hole is filled. */
interface HoleNotes {
  /** True where the value is written as JSON, and keeps the type that was captured, or that the data have. */
  readonly whole?: true;
  /** What is made of the value, in this order, before its place has its say. */
  readonly filters?: readonly Filter[];
  /** True at the start of a path: the value is a link of the target, with its own query. */
  readonly link?: true;
}

/** The ways to write a value that a template can ask for. */
export const filters = ['json', 'urlencode', 'base64'] as const;

/** One way to write a value. */
export type Filter = (typeof filters)[number];

/** How the row of each journey is chosen. */
export const rowPicks = ['random', 'sequential', 'shuffle', 'unique'] as const;

/** One way to choose a row. */
export type RowPick = (typeof rowPicks)[number];

/** Rows that journeys draw from, one row a journey. */
export interface DataSet {
  readonly name: string;
  readonly pick: RowPick;
  readonly columns: readonly string[];
  /** As text; null is empty. */
  readonly rows: readonly (readonly string[])[];
  /** Of the one row with what commands print, or with tokens: until they are there, the row says nothing. */
  readonly ofSecrets?: 'commands' | 'tokens';
  /** True of the one row that the setup captures: until it has run, the row holds the names. */
  readonly ofSetup?: true;
  /** Which of them are another JSON value than a string, as it was written; left out where none is. */
  readonly typed?: readonly (readonly boolean[])[];
}

/** What an answer must be to count as ok. */
export interface Expectation {
  /** Expected statuses; null for the default, any 2xx or 3xx. */
  readonly statuses: readonly number[] | null;
  /** A JSON Schema that the body must satisfy; null for none. */
  readonly schema: JsonSchema | null;
  /** The body is an answer of GraphQL, which must have no `errors`. */
  readonly graphql?: 'ok';
  /** What else is checked; left out where nothing is. */
  readonly checks?: readonly Check[];
}

/** Something that an answer must have. */
export type Check =
  | { readonly kind: 'header'; readonly header: string; readonly comparisons: readonly ValueComparison[] }
  | { readonly kind: 'body'; readonly comparisons: readonly ValueComparison[] }
  | {
      readonly kind: 'json';
      /** As it is written. */
      readonly name: string;
      readonly place: JsonPlace;
      readonly comparisons: readonly ValueComparison[];
    }
  /** Bytes on the wire, header and body. */
  | { readonly kind: 'size'; readonly least: number; readonly most: number }
  /** From written to last byte. */
  | { readonly kind: 'time'; readonly mostMs: number };

/** How a value must be. */
export type ValueComparison =
  | { readonly is: 'present' | 'absent' }
  | { readonly is: 'equal' | 'different'; readonly to: Operand }
  | { readonly is: 'above' | 'below' | 'atLeast' | 'atMost'; readonly limit: number }
  | { readonly is: 'long'; readonly length: number }
  | { readonly is: 'containing'; readonly part: Operand }
  | { readonly is: 'matching'; readonly pattern: string };

/** What a value is compared with. */
export type Operand = { readonly template: Template } | { readonly json: unknown };

/** A JSON Schema document. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Where a value stands in a JSON answer. */
export type JsonPlace =
  /** Member names and array indexes from the root of the JSON. */
  | { readonly path: readonly (string | number)[] }
  /** A JSONPath query (RFC 9535), of which the first value counts. */
  | { readonly query: string };

/** Where in an answer a value is found. */
export type CaptureSource =
  | JsonPlace
  /** A header field, in lower case. */
  | { readonly header: string }
  /** A cookie that the answer sets. */
  | { readonly cookie: string }
  /** The first element of HTML or XML that a selector fits: its text, or an attribute. */
  | { readonly select: string; readonly attribute?: string }
  | { readonly body: 'text' };

/** A value read from an answer, kept for later steps of the same journey. */
export type Capture = CaptureSource & {
  readonly name: string;
  readonly slot: number;
  /** A regular expression: its first group is captured, or the whole match; left out for the whole value. */
  readonly match?: string;
};

/** So many redirects are followed in a row: as many as browsers and k6 follow, and fewer than would be a loop. */
export const mostRedirects = 10;

/** The body of a request. */
export interface RequestBody {
  readonly template: Template;
  /** How values fill holes: as they are, within JSON strings, as a field of a form, or as a part of one. */
  readonly escape: 'none' | 'json' | 'form' | 'multipart';
  /** What separates the parts of a form: a value that holds it cannot be sent. */
  readonly boundary?: string;
}

/** How a streamed answer is read, event by event. */
export interface StreamRule {
  readonly format: 'sse' | 'jsonLines';
  /** Where the event that counts as the first has something; null where any event does. */
  readonly first: JsonPlace | null;
  /** The event without which a stream is broken: its text, or where it has something; null for none. */
  readonly end: { readonly text: string } | JsonPlace | null;
  /** The longest wait for an event; null for no other bound than the timeout. */
  readonly idle: Millis | null;
  /** How long it is read before it is left, from when the request is written; null to its end. */
  readonly listen: Millis | null;
}

/** One request of a journey. */
export interface RequestStep {
  readonly kind: 'request';
  /** Index into the plan's endpoints. */
  readonly endpoint: number;
  readonly method: string;
  readonly path: Template;
  readonly headers: readonly { readonly name: string; readonly value: Template }[];
  readonly body: RequestBody | null;
  /** Left out where it is not signed. */
  readonly signing?: Signing<Template>;
  readonly timeout: Millis;
  readonly expect: Expectation;
  /** Each redirect is followed with another request; left out where they are answers like others. */
  readonly redirects?: 'follow';
  /** Left out where the answer is read as a whole. */
  readonly stream?: StreamRule;
  readonly captures: readonly Capture[];
  /** The functions of a scenario that is code; left out where it has none. */
  readonly prepare?: FunctionPlace;
  readonly check?: FunctionPlace;
}

/** A pause between two requests: drawn evenly from the range, or exponentially distributed and cut at its end. */
export interface ThinkStep {
  readonly kind: 'think';
  readonly min: Millis;
  readonly max: Millis;
  /** Of an exponential distribution; left out of an even one. */
  readonly mean?: Millis;
}

/** Where something that is measured as a whole begins and ends among the steps: an index into the plan's transactions. */
export interface TransactionStep {
  readonly kind: 'begin' | 'end';
  readonly transaction: number;
}

/** Something that is compared with something else, or that is asked whether it is there; templates are filled in. */
export type Condition =
  | { readonly is: 'there' | 'missing'; readonly value: Template }
  | { readonly is: ConditionOperator; readonly value: Template; readonly other: Template };

/** The comparisons of conditions. */
export const conditionOperators = ['==', '!=', '<=', '>=', '<', '>'] as const;

/** One comparison of a condition. */
export type ConditionOperator = (typeof conditionOperators)[number];

/** Where a journey goes on at another position than the next, always further on. */
export type WayStep =
  | { readonly kind: 'unless'; readonly condition: Condition; readonly to: number }
  | { readonly kind: 'goto'; readonly to: number; readonly leaves: 'if' | 'oneOf' }
  | { readonly kind: 'pick'; readonly branches: readonly WeightedWay[] };

/** A way that is picked so often, relative to the others. */
export interface WeightedWay {
  readonly weight: number;
  readonly to: number;
}

/** So many of the steps that follow, all of them requests, are made at once. */
export interface ParallelStep {
  readonly kind: 'parallel';
  readonly count: number;
}

/** One step of a journey. */
export type Step = RequestStep | ThinkStep | TransactionStep | WayStep | ParallelStep;

/** A weighted sequence of steps that one virtual user makes. */
export interface Journey {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly Step[];
  /** How many values the journey's captures hold. */
  readonly slots: number;
  /** Measured as a whole: an index into the plan's transactions; left out where it is not. */
  readonly transaction?: number;
}

/** What is run once before the load, and once behind it. */
export interface Framing {
  readonly setup: Journey | null;
  readonly teardown: Journey | null;
  /** Those that the steps of both refer to. */
  readonly endpoints: readonly { readonly name: string; readonly method: string }[];
}
