import type {
  DurationText,
  PercentText,
  RangeText,
  RateText,
  RequestText,
  SizeText,
} from '../grammar/quantity-text.ts';
import type { ScenarioStep } from './flow-value.ts';
import type { Headers, ScenarioAuth } from './step-value.ts';

/** A scenario as a value: what a YAML or JSON file holds. Relative paths in it start at the working folder. */
export type Scenario = ScenarioSettings & ScenarioWork;

/** What users do: several journeys, or the steps of a single one. */
type ScenarioWork =
  | {
      /** What users do; each arrival makes one journey, chosen by weight. */
      readonly journeys: readonly ScenarioJourney[];
      readonly steps?: never;
    }
  | {
      /** What one user does, in order: requests and pauses. */
      readonly steps: readonly ScenarioStep[];
      readonly journeys?: never;
    };

/** Everything in a scenario but its journeys. */
export interface ScenarioSettings {
  /** The path or URL of the JSON Schema, for editors. */
  readonly $schema?: string;
  /** The name by which budgets know the scenario. Default: the name of the file, or `scenario`. */
  readonly name?: string;
  /** Where the load goes: the origin and, if need be, a base path; or a Unix socket, `unix:/run/api.sock`. */
  readonly target: string;
  /** How Plimsoll starts the API itself; leave it out for an API that already runs. */
  readonly serve?: ScenarioServe;
  /** How the load is applied: open stages, closed stages, or a fixed count. */
  readonly load: ScenarioLoad;
  /** Every random choice follows from it. Default: 1. */
  readonly seed?: number;
  /** Plimsoll's own engine, or autocannon for closed loads of a fixed list of requests. Default: `http`. */
  readonly engine?: 'http' | 'autocannon';
  /** The version of HTTP: `http2` by ALPN for `https://`, with prior knowledge for `http://`. Default: `http1`. */
  readonly protocol?: 'http1' | 'http2';
  /** How connections are used. */
  readonly connections?: {
    /** The most connections open at once, of an open load. Default: 1000. */
    readonly max?: number;
    /**
     * With `protocol: http2`, the most requests at once on a connection. In a closed load, so many users share one. Default: 100,
     * and each user of a closed load has its own.
     */
    readonly streams?: number;
    /** Whether connections are used again, or each request gets a new one. Default: `as needed`. */
    readonly reconnect?: 'as needed' | 'every request';
  };
  /** When the target's name is resolved. Default: `once`. */
  readonly dns?: 'once' | 'perConnection';
  /** How TLS connections are made. */
  readonly tls?: ScenarioTls;
  /** The URL of an HTTP proxy for all requests, or `none`. Default: what `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. */
  readonly proxy?: string;
  /** True accepts any TLS certificate. Default: false. */
  readonly insecure?: boolean;
  /** The largest answer, header and body; a larger one is a failure. Default: `64MiB`. */
  readonly maxResponse?: SizeText;
  /** The bodies that all users keep at once, for captures and checks; a request beyond is a failure. Default: `256MB`. */
  readonly maxBodies?: SizeText;
  /** Ends the run early where the target is down: so many errors for so long. */
  readonly abortOn?: {
    /** The share of failed requests at which the run ends. */
    readonly errorRate: PercentText;
    /** How long it must last. */
    readonly for: DurationText;
  };
  /** Records which answers came from a cache, for the metric `cacheHitRatio`. Default: false. */
  readonly cache?:
    | boolean
    | {
        /** The header that tells it. */
        readonly header: string;
        /** What the header holds at a hit, in any case; `^` and `$` bind it to the ends. */
        readonly hit: string;
      };
  /** True lets each journey keep the cookies that answers set, and send them. Default: false. */
  readonly cookies?: boolean;
  /** What holds for every step that does not say otherwise. */
  readonly defaults?: {
    /** From the moment a request is due to its last byte. Default: `10s`. */
    readonly timeout?: DurationText;
    /** Request headers. */
    readonly headers?: Headers;
    /** Whether redirects within the target are followed. Default: `none`. */
    readonly redirects?: 'follow' | 'none';
    /** How requests prove who sends them. Default: `none`. */
    readonly auth?: ScenarioAuth | 'none';
  };
  /** Steps that are made once before the load; all journeys can use what they capture. */
  readonly setup?: readonly ScenarioStep[];
  /** Steps that are made once after the load. */
  readonly teardown?: readonly ScenarioStep[];
  /** Data sets by name; steps use their columns as `{{name.column}}`. */
  readonly data?: {
    readonly [name: string]: {
      /** A CSV file with a header row, or a JSON list of objects. */
      readonly file: string;
      /** How each journey's row is chosen. Default: `random`. */
      readonly pick?: 'random' | 'sequential' | 'shuffle' | 'unique';
    };
  };
}

/** How Plimsoll starts the API under test. */
export interface ScenarioServe {
  /** Installs what a commit needs, before its build; only in a duet of commits. */
  readonly install?: string;
  /** Builds a commit, after its install; only in a duet of commits. */
  readonly build?: string;
  /** Starts the API, in the working folder; Plimsoll stops it after the run. */
  readonly start: string;
  /** The API is ready when it answers this with any 2xx: `GET /health`. */
  readonly ready: RequestText;
  /** How long it may take to get ready. Default: `30s`. */
  readonly timeout?: DurationText;
}

/** How TLS connections are made; all files are PEM. */
export interface ScenarioTls {
  /** The authority that certificates must come from, instead of the usual ones. */
  readonly ca?: string;
  /** The client's own certificate, with its chain; it needs a `key`. */
  readonly cert?: string;
  /** The client certificate's private key, without a passphrase; it needs a `cert`. */
  readonly key?: string;
  /** The name to ask for and to verify, instead of the target's host. */
  readonly serverName?: string;
}

/** How the load is applied. */
export type ScenarioLoad = ScenarioOpenLoad | ScenarioClosedLoad | ScenarioCountedLoad;

/** Journeys start at a rate, however slow the API is. */
export interface ScenarioOpenLoad {
  readonly model: 'open';
  /** Runs at the first stage's starting load before the stages; reported apart, never judged. Default: `0s`. */
  readonly warmup?: DurationText;
  /** Evenly spaced arrivals, or random ones as many independent visitors make. Default: `constant`. */
  readonly arrivals?: 'constant' | 'poisson';
  /** The parts of the load, one after another. */
  readonly stages: readonly {
    readonly duration: DurationText;
    /** Journeys started per second, or a range that is run through evenly: `200/s..400/s`. */
    readonly rate: RangeText<RateText>;
  }[];
}

/** What closed loads share: a fixed number of users, each waiting for its answer. */
interface ScenarioUsers {
  readonly model: 'closed';
  /** Runs at the first stage's starting load before the stages; reported apart, never judged. Default: `0s`. */
  readonly warmup?: DurationText;
  /** The least time from one journey's start to the same user's next. Default: `0ms`. */
  readonly pacing?: DurationText;
  /** How users start: spread over a moment, and over the pacing where there is one, or all at once. Default: `spread`. */
  readonly stagger?: 'spread' | 'none';
}

/** Stages of concurrent users. */
export interface ScenarioClosedLoad extends ScenarioUsers {
  /** The parts of the load, one after another. */
  readonly stages: readonly {
    readonly duration: DurationText;
    /** Concurrent users, or a range that is run through evenly: `10..50`. */
    readonly users: number | RangeText<`${number}`>;
  }[];
  readonly users?: never;
  readonly iterations?: never;
}

/** A fixed number of journeys. */
export interface ScenarioCountedLoad extends ScenarioUsers {
  /** Concurrent users. */
  readonly users: number;
  /** Journeys in all, over all users. */
  readonly iterations: number;
  /** The run ends then, whatever is left to do. Default: `10m`. */
  readonly maxDuration?: DurationText;
  readonly stages?: never;
}

/** A weighted sequence of steps that one user makes. */
export interface ScenarioJourney {
  /** Default: `journey` and its number. */
  readonly name?: string;
  /** The name that the journey is measured under as a whole; budgets know it as an endpoint. Default: it is not. */
  readonly endpoint?: string;
  /** How often the journey is chosen, compared with the others. Default: 1. */
  readonly weight?: number;
  /** What one user does, in order: requests and pauses. */
  readonly steps: readonly ScenarioStep[];
}
