import type { Document } from '../document/document.ts';
import type { Summary } from '../summary/summary-schema.ts';
import { type MeasuredScope, measuredScopes } from './measured-scopes.ts';

type RunSummary = Summary['runs'][number];

/** Labels of a sample, by name. */
export interface Labels {
  readonly [label: string]: string;
}

/** A gauge with a sample for each set of labels, as Prometheus and OpenTelemetry know it. */
export interface Gauge {
  /** In snake case, without the unit: `response_time`. */
  readonly name: string;
  readonly help: string;
  /** `s` and `By` by UCUM; `1` is a share; null where the name says it. */
  readonly unit: 's' | 'By' | '1' | null;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

/** What is read of one scope: a value for each set of labels beside those of the scope. */
type Reading = (scope: MeasuredScope) => readonly (readonly [labels: Labels, value: number | null])[];

interface ScopeGauge extends Omit<Gauge, 'samples'> {
  readonly read: Reading;
}

const one =
  (pick: (figures: MeasuredScope['figures']) => number | null): Reading =>
  ({ figures }) => [[{}, pick(figures)]];

const times =
  (of: 'latencyMs' | 'serviceMs'): Reading =>
  ({ figures }) =>
    Object.entries(figures[of]).map(([statistic, ms]) => [{ statistic }, ms === null ? null : inSeconds(ms)]);

const scopeGauges: readonly ScopeGauge[] = [
  {
    name: 'requests',
    unit: null,
    help: 'Requests that were due in the run.',
    read: one(({ requests }) => requests),
  },
  {
    name: 'errors',
    unit: null,
    help: 'Requests that failed or did not finish.',
    read: one(({ errors }) => errors),
  },
  {
    name: 'error',
    unit: '1',
    help: 'Share of requests that failed or did not finish.',
    read: one(({ errorRate }) => errorRate),
  },
  {
    name: 'requests_per_second',
    unit: null,
    help: 'Expected answers per second.',
    read: one(({ rps }) => rps),
  },
  {
    name: 'response_time',
    unit: 's',
    help: 'Time from when a request was due to its last byte.',
    read: times('latencyMs'),
  },
  {
    name: 'service_time',
    unit: 's',
    help: 'Time from when a request was written to its last byte.',
    read: times('serviceMs'),
  },
  { name: 'received', unit: 'By', help: 'Bytes received on the wire.', read: one(({ bytes }) => bytes) },
  {
    name: 'failures',
    unit: null,
    help: 'Failed requests by kind of failure.',
    read: ({ figures }) => Object.entries(figures.failures).map(([kind, count]) => [{ kind }, count]),
  },
  {
    name: 'signal',
    unit: '1',
    help: 'What answers say of themselves, such as the cache hit ratio.',
    read: ({ figures }) =>
      Object.entries(figures.signals ?? {}).map(([signal, value]) => [{ signal }, value]),
  },
  {
    name: 'budget_limit',
    unit: null,
    help: 'Limit of a budget, in the unit that its label names.',
    read: budgets(({ limit }) => limit),
  },
  {
    name: 'budget_observed',
    unit: null,
    help: 'What a budget limits, in the unit that its label names.',
    read: budgets(({ observed }) => observed),
  },
  {
    name: 'finding_verdict',
    unit: null,
    help: 'Verdict on a budget or a comparison with earlier runs: 1 for the one that holds.',
    read: ({ findings }) =>
      findings.map(({ kind, metric, status }) => [{ kind, metric, verdict: status }, 1]),
  },
];

const runGauges: readonly (Omit<Gauge, 'samples'> & {
  readonly read: (run: RunSummary) => readonly (readonly [labels: Labels, value: number])[];
})[] = [
  {
    name: 'verdict',
    unit: null,
    help: 'Verdict of the run: 1 for the one that holds, 0 for the others.',
    read: ({ verdict }) => verdicts.map(each => [{ verdict: each }, each === verdict ? 1 : 0]),
  },
  {
    name: 'run_start_timestamp',
    unit: 's',
    help: 'When the run began, in seconds since 1970.',
    read: ({ startedAt }) => [[{}, Date.parse(startedAt) / 1_000]],
  },
  {
    name: 'run_duration',
    unit: 's',
    help: 'How long the run took.',
    read: ({ durationMs }) => [[{}, inSeconds(durationMs)]],
  },
];

const verdicts = ['pass', 'warn', 'fail', 'inconclusive', 'invalid'] as const;

/** The figures and verdicts of runs as gauges; none of other subjects. Stages have none, since their number is no name. */
export function gaugesOf(document: Document): readonly Gauge[] {
  if (document.subject !== 'run' && document.subject !== 'comparison') return [];
  const runs = document.summary.runs.map(run => ({
    run,
    scopes: measuredScopes(run).filter(({ kind }) => kind !== 'stage'),
  }));
  return [
    ...runGauges.map(({ read, ...gauge }) => ({
      ...gauge,
      samples: runs.flatMap(({ run }) =>
        read(run).map(([labels, value]) => ({ labels: { scenario: run.scenario, ...labels }, value })),
      ),
    })),
    ...scopeGauges.map(({ read, ...gauge }) => ({
      ...gauge,
      samples: runs.flatMap(({ run, scopes }) =>
        scopes.flatMap(scope =>
          read(scope).flatMap(([labels, value]) => {
            if (value === null) return [];
            return [{ labels: { scenario: run.scenario, ...labelsOf(scope), ...labels }, value }];
          }),
        ),
      ),
    })),
  ].filter(({ samples }) => samples.length > 0);
}

function labelsOf({ kind, name }: MeasuredScope): Labels {
  return kind === 'total' ? { scope: kind } : { scope: kind, endpoint: name };
}

function budgets(pick: (finding: MeasuredScope['findings'][number]) => number | null): Reading {
  return ({ findings }) =>
    findings
      .filter(({ kind }) => kind === 'budget')
      .map(finding => {
        const value = pick(finding);
        const { metric } = finding;
        const isTime = finding.unit === 'ms';
        const unit = isTime ? 'seconds' : finding.unit === 'ratio' ? 'ratio' : 'per_second';
        return [{ metric, unit }, value === null || !isTime ? value : inSeconds(value)];
      });
}

/** Without the noise of a division. */
function inSeconds(ms: number): number {
  return Number((ms / 1_000).toPrecision(12));
}
