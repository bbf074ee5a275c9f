import type { DataSet, Journey, Load, Serve } from './scenario.ts';

/** Where the load goes. */
export interface Target {
  /** The URL as the user wrote it, without credentials. */
  readonly url: string;
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** What precedes every step's path, without a trailing slash; often empty. */
  readonly basePath: string;
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
  /** True where the scenario switches off the verification of TLS certificates. */
  readonly insecure: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly data: readonly DataSet[];
  readonly journeys: readonly Journey[];
  /** Values that must never be written anywhere: what `${…}` brought into headers, paths, bodies and data. */
  readonly secrets: readonly string[];
}
