import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { span } from '../../../words/quantity-text.ts';
import { line, name } from '../../words/inline.ts';
import type { Series } from '../chart.ts';
import { folded, paragraph, type Section } from '../document.ts';
import { only } from '../placed.ts';

/** Requests, errors and p95 of each endpoint, second by second; nothing of a shorter run. */
export function secondsSection({ record, judgement }: JudgedRun): readonly Section[] {
  const { endpoints: measured, windows } = record.measurement;
  const length = Math.max(0, ...measured.map(endpoint => endpoint.seconds.requests.length));
  if (length < 2) return [];
  const sums = (pick: 'requests' | 'errors') =>
    Array.from({ length }, (_, second) =>
      measured.reduce((sum, endpoint) => sum + (endpoint.seconds[pick][second] ?? 0), 0),
    );
  const limitsOf = (endpoint: string) =>
    judgement.findings.flatMap(({ scope, metric, limit }) =>
      scope.kind === 'endpoint' && scope.endpoint === endpoint && metric.name === 'p95' && limit !== null
        ? [limit]
        : [],
    );
  const series: readonly Series[] = [
    { name: ['requests'], unit: 'perSecond', values: sums('requests'), limits: [] },
    { name: ['errors'], unit: 'perSecond', values: sums('errors'), limits: [] },
    ...measured.map((endpoint): Series => {
      const values = endpoint.seconds.p95Us.map(us => (us === null ? null : us / 1_000));
      return { name: line`p95 ${name(endpoint.name)}`, unit: 'ms', values, limits: limitsOf(endpoint.name) };
    }),
  ];
  const warmup = windows.find(({ kind }) => kind === 'warmup');
  const marks = warmup ? [{ from: 0, to: Math.ceil(warmup.durationMs / 1_000), what: 'warm-up' }] : [];
  return [
    only(
      'page',
      folded(
        'Second by second',
        { kind: 'chart', x: { kind: 'seconds' }, series, marks },
        ...(warmup ? [paragraph([`The first ${span(warmup.durationMs)} are warm-up.`])] : []),
      ),
    ),
  ];
}
