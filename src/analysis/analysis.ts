import type { Scope } from '../model/judgement/budget.ts';
import type { EncodedHistogram, Measurement, RunRecord } from '../model/run/record.ts';
import type { Histogram } from '../stats/histogram.ts';
import { decoder } from './decoder.ts';
import { lazily } from './lazily.ts';
import { type ScopeData, scopeDataOf } from './scope-data.ts';

/** What a measurement says. Everything is worked out when it is first asked for, and kept. */
export interface Analysis {
  /** What was measured in a scope: the total, a stage, or an endpoint. */
  of(scope: Scope): ScopeData;
  /** The signals that were recorded, by name. */
  readonly signals: ReadonlySet<string>;
  /** The largest value of one of its histograms; null of an empty one. */
  largest(encoded: EncodedHistogram): number | null;
  /** How late requests went out though nothing but the generator held them back. */
  sendLag(): Histogram;
  /** How long TCP connections took to be made, and TLS handshakes on top of that. */
  connect(): Histogram;
  handshake(): Histogram;
}

const known = new WeakMap<Measurement, Analysis>();

/**
 * The analysis of a run. Whoever asks gets the same one for as long as the measurement is in use, so that judging and
 * rendering decode each histogram once.
 */
export function analyse(run: RunRecord | Measurement): Analysis {
  const measurement = 'measurement' in run ? run.measurement : run;
  const found = known.get(measurement);
  if (found) return found;
  const analysis = analysisOf(measurement);
  known.set(measurement, analysis);
  return analysis;
}

function analysisOf(measurement: Measurement): Analysis {
  const { connections, endpoints, generator } = measurement;
  const decoding = decoder();
  const scopes = new Map<string, ScopeData>();
  return {
    of(scope) {
      const key = scopeKey(scope);
      const found = scopes.get(key);
      if (found) return found;
      const data = scopeDataOf(measurement, scope, decoding);
      scopes.set(key, data);
      return data;
    },
    signals: new Set(
      endpoints.flatMap(({ windows }) => windows.flatMap(({ signals }) => Object.keys(signals ?? {}))),
    ),
    largest: encoded => decoding.buckets(encoded).tops.at(-1) ?? null,
    sendLag: lazily(() => decoding.merged([generator.sendLag])),
    connect: lazily(() => decoding.merged([connections.connect])),
    handshake: lazily(() => decoding.merged([connections.tls])),
  };
}

function scopeKey(scope: Scope): string {
  switch (scope.kind) {
    case 'total':
      return scope.kind;
    case 'stage':
      return `${scope.kind} ${scope.stage}`;
    case 'endpoint':
      return `${scope.kind} ${scope.endpoint}`;
  }
}
