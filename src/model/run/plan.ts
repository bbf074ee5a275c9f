import type { UserModule } from '../code/user-module.ts';
import { type Bytes, bytes, type Millis, type Ratio } from '../units.ts';
import type { DataSet, Framing, Journey, Load, Serve, Template } from './scenario.ts';
import type { Signal } from './signal.ts';
import type { TokenRequest } from './signing.ts';

/** Where the load goes. */
export interface Target {
  /** The URL as the user wrote it, without credentials. */
  readonly url: string;
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** What precedes every step's path, without a trailing slash; often empty. */
  readonly basePath: string;
  /** The Unix socket to connect to instead of host and port; null for TCP. */
  readonly socketPath: string | null;
}

/** A proxy between Plimsoll and a target. */
export interface HttpProxy {
  /** Without credentials. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The variable, or the key of the scenario, that names it. */
  readonly from: string;
  /** What its `proxy-authorization` is; null for none. */
  readonly authorization: string | null;
}

/** A proxy as it is written, credentials and all. */
interface WrittenProxy {
  readonly from: string;
  readonly url: string;
}

/** Which targets are asked through which proxy. */
export interface ProxyRules {
  /** By the protocol of the target. */
  readonly http: WrittenProxy | null;
  readonly https: WrittenProxy | null;
  /** The hosts that are asked without, as `NO_PROXY` has them. */
  readonly except: string;
  /** Whether this machine is asked through it as well. */
  readonly always: boolean;
}

/** How TLS connections are made; certificates and keys are PEM text. */
export interface Tls {
  /** True where certificates are not verified. */
  readonly insecure: boolean;
  /** A private certificate authority to trust instead of the usual ones; null for those. */
  readonly ca: string | null;
  /** The client's own certificate; null for none. */
  readonly certificate: string | null;
  readonly key: string | null;
  /** The name to ask for and to verify; null for the target's host. */
  readonly serverName: string | null;
}

/** How requests travel. */
export interface Transport {
  readonly tls: Tls;
  /** Whether the target's name is resolved once a run or for each connection. */
  readonly dns: 'once' | 'perConnection';
  /** Whether connections are kept or closed after each answer. */
  readonly reconnect: 'asNeeded' | 'everyRequest';
  /** The version of HTTP; 1.1 where it is left out. */
  readonly protocol?: 'http2';
  /** The most requests at once on a connection of HTTP/2; the usual number where it is left out. */
  readonly streams?: number;
  /** The largest answer, header and body; a larger one is malformed. */
  readonly maxResponse: Bytes;
  /** The bodies that all users together keep at once, to be checked or captured from. */
  readonly maxBodies: Bytes;
}

/** Connections that are kept, verified by the usual authorities, to a name resolved once. */
export const usualTransport: Transport = {
  tls: { insecure: false, ca: null, certificate: null, key: null, serverName: null },
  dns: 'once',
  reconnect: 'asNeeded',
  maxResponse: bytes(64 * 1024 * 1024),
  maxBodies: bytes(256_000_000),
};

/** The most requests at once on a connection of HTTP/2, unless the scenario or the server says another number. */
export const usualStreams = 100;

/** When to stop hammering a target that is down: so large a share of errors over so long. */
export interface AbortOn {
  readonly errorRate: Ratio;
  readonly for: Millis;
}

/** A cookie as an answer set it, to which request and when. */
export interface SetCookie {
  readonly field: string;
  readonly url: string;
  readonly atMs: number;
}

/** The unit of measurement: a method and a route template. */
export interface Endpoint {
  /** For instance `GET /api/bills/:id`. */
  readonly name: string;
  readonly method: string;
}

/**
 * Everything that a run needs, validated and resolved, as plain data that survives a structured clone: the engine
 * receives nothing else.
 */
export interface Plan {
  readonly scenario: string;
  /** The scenario file, relative to the working folder; null for a run without a file. */
  readonly file: string | null;
  /** SHA-256 of the workload (not of the target or of secrets), in hexadecimal; equal digests are comparable runs. */
  readonly digest: string;
  readonly target: Target;
  readonly serve: Serve | null;
  readonly load: Load;
  readonly seed: number;
  readonly connections: { readonly max: number };
  readonly transport: Transport;
  /** Left out where no target is asked through a proxy. */
  readonly proxies?: ProxyRules;
  /** Journeys keep the cookies that answers set, and send them; left out where they do not. */
  readonly cookies?: true;
  /** What the setup was given, with which each journey begins; left out before, and where it was given none. */
  readonly setupCookies?: readonly SetCookie[];
  /** Plimsoll's own HTTP engine, or autocannon for closed loads of a fixed list of requests. */
  readonly engine: 'http' | 'autocannon';
  /** Null for a run that goes on whatever fails. */
  readonly abortOn: AbortOn | null;
  /** What is read of the answers' headers; nothing unless the scenario asks. */
  readonly signals: readonly Signal[];
  readonly endpoints: readonly Endpoint[];
  /** The names of what is measured as a whole, besides its requests: journeys and groups of steps. Left out where nothing is. */
  readonly transactions?: readonly string[];
  readonly data: readonly DataSet[];
  readonly journeys: readonly Journey[];
  /** The tokens that are fetched before the load, by their columns; left out where there are none. */
  readonly tokens?: readonly TokenRequest<Template>[];
  /** Left out where nothing is run once. */
  readonly framing?: Framing;
  /** There where the scenario is code; threads import it for its functions. */
  readonly module?: UserModule;
  /** Values that must never be written anywhere: what `${…}` brought into headers, paths, bodies and data. */
  readonly secrets: readonly string[];
}
