import type { Command } from '../child.ts';

/** What a generator is asked to send. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly seconds: number;
  readonly connections: number;
  readonly timeoutSeconds: number;
  /** Requests per second of an open load; null for a closed one, as fast as answers come. */
  readonly rate: number | null;
}

/** The quantiles that are compared. */
export type Quantile = 'p50' | 'p90' | 'p95' | 'p97.5' | 'p99' | 'max';

/** What a generator says about its run. */
export interface Report {
  /** Requests that ended, answered or not. */
  readonly requests: number;
  /** Those of them that it calls failed. */
  readonly errors: number;
  /** Quantiles that it reports. */
  readonly latencyMs: { readonly [quantile in Quantile]?: number };
  /** Quantiles that it reports as lower bounds. */
  readonly atLeast: readonly Quantile[];
}

/** What a run left behind for its reader. */
export interface Output {
  readonly stdout: string;
  /** The folder that the command ran in. */
  readonly folder: string;
}

/** A load generator on this machine. */
export interface Peer {
  readonly name: string;
  /** Empty where it does not say. */
  readonly version: string;
  /** True where it can send at a rate. */
  readonly hasRate: boolean;
  /** The command for a load, in an empty folder that it may write to; null where the generator cannot send this load. */
  command(load: Load, folder: string): Command | null;
  /** Reads what it reported; throws where that is no report. */
  read(output: Output): Report;
}

/** A generator and its version, as tables name it. */
export function label({ name, version }: Pick<Peer, 'name' | 'version'>): string {
  return `${name} ${version}`.trim();
}

/** A number after a label, in the first group of the pattern; throws where it is missing. */
export function figure(text: string, pattern: RegExp): number {
  const found = optionalFigure(text, pattern);
  if (found === null) throw new Error(`no ${pattern.source} in: ${text.trim().slice(-200)}`);
  return found;
}

/** A number after a label; null where it is missing. */
export function optionalFigure(text: string, pattern: RegExp): number | null {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The powers of ten that turn a unit into milliseconds. */
const powers: { readonly [unit: string]: number } = { us: -3, ms: 0, s: 3 };

/**
 * Printed digits of a unit (`us`, `ms`, `s`) in ms; null where a part is missing or another. The decimal point is moved,
 * not multiplied, so that 0.0331 s is 33.1 ms to the last digit.
 */
export function inMs(digits: string | undefined, unit: string | undefined): number | null {
  const power = powers[unit ?? ''];
  return digits === undefined || power === undefined ? null : Number(`${digits}e${power}`);
}

/** The quantiles that are there. */
export function quantiles(all: { readonly [quantile in Quantile]?: number | null }): Report['latencyMs'] {
  return Object.fromEntries(Object.entries(all).filter(([, ms]) => typeof ms === 'number'));
}
