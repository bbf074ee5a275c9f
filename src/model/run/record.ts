import type { BlockingCode } from '../code/user-code.ts';
import type { MayBeNewer } from '../newer-parts.ts';
import type { CheckCount, ErrorBodyCount } from './check-count.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import type { CpuUse } from './cpu-use.ts';
import type { DescriptionCheck } from './description.ts';
import type { FailureKind, RequestPhase } from './failure.ts';
import type { BaselineMark, RecordHeader } from './record-header.ts';
import type { ResultsOrigin } from './results.ts';
import type { WindowSignal } from './signal.ts';
import type { EncodedHistogram, WindowStream } from './window-stream.ts';

export type { ConnectionCounts } from './connection-counts.ts';
export type { Acceptance, BaselineMark, Fingerprint, RecordHeader } from './record-header.ts';
export type { EncodedHistogram } from './window-stream.ts';

/** A stretch of a run; a request belongs to the window in which it was due. */
export interface Window {
  readonly kind: 'warmup' | 'stage';
  /** Stages count from 1; the warm-up is 0. */
  readonly stage: number;
  /** From the start of the run. */
  readonly startMs: number;
  /** The measured length: shorter than planned, or 0, where the run ended early. */
  readonly durationMs: number;
}

/** How the requests due in one window ended: `due` = `ok` + all of `failed` + `unfinished`, exactly. */
export interface RequestCounts {
  readonly due: number;
  readonly ok: number;
  readonly failed: { readonly [kind in FailureKind]?: number };
  readonly unfinished: number;
}

/** What is known of one endpoint in one window. */
export interface EndpointWindow {
  readonly counts: RequestCounts;
  /** Answers by status code, whatever became of them. */
  readonly statuses: { readonly [status: string]: number };
  /** Bytes received on the wire, headers and bodies. */
  readonly bytes: number;
  /** Ok answers whose last byte came within the window, whenever they were due. */
  readonly completedOk: number;
  /** Requests whose time is only known to be at least the recorded one, and the least of those times. */
  readonly censored: { readonly count: number; readonly minUs: number };
  /**
   * Requests that the generator itself took up more than a millisecond late, of those in the response histogram: their
   * response times, the same less each one's own delay, and the least of those that are only lower bounds. Left out where
   * there are none.
   */
  readonly late?: {
    readonly response: EncodedHistogram;
    readonly onTime: EncodedHistogram;
    readonly censoredMinUs: number | null;
  };
  readonly histograms: {
    /** From due to last byte: expected answers, timeouts and unfinished requests. */
    readonly response: EncodedHistogram;
    /** From written to last byte: expected answers, and timeouts and unfinished requests that were written. */
    readonly service: EncodedHistogram;
    /** From written to first byte: expected answers. */
    readonly firstByte: EncodedHistogram;
    /** From due to the failure: every failure but timeouts. */
    readonly failed: EncodedHistogram;
  };
  /** The response histogram split into equal blocks of the window, in order, by when requests were due. */
  readonly blocks: readonly EncodedHistogram[];
  /** Requests due in each block, however they ended. */
  readonly blockDue: readonly number[];
  /** Failed and unfinished requests of each block. */
  readonly blockErrors: readonly number[];
  /** Ok answers completed in each block. */
  readonly blockCompleted: readonly number[];
  /** What the answers said of themselves, by signal; left out where the scenario does not ask. */
  readonly signals?: { readonly [signal: string]: WindowSignal } | undefined;
  /** Left out where no answer was read as a stream. */
  readonly stream?: WindowStream;
}

/** Plain figures of one endpoint per second of the run, warm-up included; all arrays are equally long. */
export interface EndpointSeconds {
  readonly requests: readonly number[];
  readonly errors: readonly number[];
  readonly p50Us: readonly (number | null)[];
  readonly p95Us: readonly (number | null)[];
  readonly p99Us: readonly (number | null)[];
  readonly maxUs: readonly (number | null)[];
}

/** Everything measured of one endpoint; `windows` is parallel to the measurement's. */
export interface EndpointMeasurement {
  readonly name: string;
  /** The statuses that the scenario names as expected; left out where it names none, and by earlier versions. */
  readonly expected?: readonly number[];
  readonly windows: readonly EndpointWindow[];
  readonly seconds: EndpointSeconds;
}

/** The signals that end a run early and leave what it measured. */
export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT';

/** How a run came to its end. */
export type Completion =
  | { readonly state: 'complete' }
  | { readonly state: 'interrupted'; readonly signal: InterruptSignal }
  /** There was nothing to send load to: the API did not start, or its name does not resolve. */
  | { readonly state: 'notStarted'; readonly reason: string }
  /** No byte of an answer came for so long that the run was given up. */
  | { readonly state: 'neverAnswered'; readonly afterMs: number }
  /** The scenario's `abortOn` held: so large a share of errors over so long. */
  | { readonly state: 'aborted'; readonly errorRate: number; readonly forMs: number }
  | { readonly state: 'workerDied'; readonly reason: string };

/** How an API that Plimsoll had started ended while it was measured; one of `code` and `signal` is null. */
export interface ServerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** From the start of the run. */
  readonly atMs: number;
  /** The end of its output, redacted. */
  readonly lastLines: readonly string[];
}

/** What the generator knows of itself; it decides whether the numbers can be blamed on the server. */
export interface GeneratorHealth {
  readonly engine: 'http' | 'autocannon';
  readonly pacing: 'precise' | 'economical';
  readonly workers: number;
  /** The busiest worker's share of time spent working rather than waiting or spinning; null where it is not known. */
  readonly busy: number | null;
  /** How late requests went out though nothing but the generator held them back. */
  readonly sendLag: EncodedHistogram;
  /** Attempts to connect that failed for want of something on this machine, by the operating system's error code. */
  readonly exhausted: { readonly [code: string]: number };
  /** True where target and generator share a machine. */
  readonly sharesMachine: boolean;
  /** Null where the machine does not tell; left out by earlier versions. */
  readonly cpu?: CpuUse | null;
}

/** One of the slowest requests of the run. */
export interface SlowRequest {
  readonly endpoint: string;
  readonly dueMs: number;
  readonly responseMs: number;
  readonly serviceMs: number | null;
  readonly status: number | null;
  /** The answer's `x-request-id` or `traceparent`; null where it has none. */
  readonly requestId: string | null;
}

/** One of the first failures of an endpoint and kind, redacted. */
export interface FailureSample {
  readonly endpoint: string;
  readonly kind: FailureKind;
  readonly phase: RequestPhase;
  readonly dueMs: number;
  readonly status: number | null;
  readonly detail: string;
  /** The start of the answer's body; null where it is no text. Left out where nothing of it was kept. */
  readonly body?: string | null;
}

/** What was asked and what was sent over the stages, warm-up apart. */
export interface LoadCounts {
  readonly model: 'open' | 'closed';
  /** Journeys due by the plan, or asked for by `iterations`; null in another closed load, where answers decide how many there are. */
  readonly offered: number | null;
  /** Journeys started, or held back by the target alone. */
  readonly delivered: number;
  /** Journeys that ended before their last step for want of a captured value. */
  readonly abandoned: number;
  /** Journeys that the end of the load cut between two of their requests; left out by earlier versions. */
  readonly cut?: number;
  /** The data set whose rows were all used once, so that journeys ended; left out where none was. */
  readonly dry?: { readonly set: string; readonly rows: number };
  /** Of a closed load: the users that were asked for, and those that made at least one journey; left out by earlier versions. */
  readonly users?: { readonly asked: number; readonly started: number };
  /** Requests written to a connection; earlier versions counted those of the warm-up too. */
  readonly sent: number;
}

/** What one run of the engine measured: numbers and mergeable histograms, no opinion. */
export interface Measurement {
  readonly completion: Completion;
  readonly windows: readonly Window[];
  readonly endpoints: readonly EndpointMeasurement[];
  /** Journeys and groups as a whole, of which only times of `response` and `failed` are kept; no total counts them. */
  readonly transactions?: readonly EndpointMeasurement[];
  readonly load: LoadCounts;
  readonly connections: ConnectionCounts;
  readonly generator: GeneratorHealth;
  /** There where the API that Plimsoll had started ended during the run. */
  readonly serverEnd?: ServerEnd;
  /** Of the output of the API that Plimsoll had started, the bytes that its log was too short for; left out where it holds them all. */
  readonly droppedLogBytes?: number;
  /** Slowest first. */
  readonly slowest: readonly SlowRequest[];
  /** Left out where there are none, and by earlier versions. */
  readonly errorBodies?: readonly ErrorBodyCount[];
  /** Left out where there is none, and by earlier versions. */
  readonly blocking?: readonly BlockingCode[];
  /** Left out where nothing is checked, and by earlier versions. */
  readonly checks?: readonly CheckCount[];
  readonly failureSamples: readonly FailureSample[];
  /** There where the run was held against a description of its API. */
  readonly description?: DescriptionCheck;
  /** From the end of the last window to the last answer, and how many answers came in it. */
  readonly drain: { readonly durationMs: number; readonly completed: number };
  /** There where another tool measured: of its health, connections and journeys nothing is known. Such a record is never stored. */
  readonly origin?: ResultsOrigin;
}

/** Everything measured in one run, as it is stored: no opinion. */
export interface RunRecord extends MayBeNewer {
  readonly schemaVersion: 1;
  readonly header: RecordHeader;
  /** There where the run was saved as a baseline on purpose. */
  readonly baseline?: BaselineMark | undefined;
  readonly measurement: Measurement;
}
