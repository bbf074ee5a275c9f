import type { StoredRun } from '../../../model/judgement/baseline.ts';
import type { Scope } from '../../../model/judgement/budget.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import type { Basis } from '../../../model/judgement/regression.ts';
import type { Fingerprint } from '../../../model/run/record.ts';
import { counted, quantity } from '../../../words/quantity-text.ts';
import { shortCommit } from '../../words/baseline-sentence.ts';
import type { Course } from '../plot.ts';
import { figure, left, right, table, textCell } from '../table.ts';
import type { DrawnLimit } from './limits.ts';

/** A trend has so many earlier runs at least. */
const fewest = 2;

/** p95 in the earlier runs that a run is compared with, oldest first, and in the run itself. */
export function trendPlot(
  scope: Exclude<Scope, { readonly kind: 'stage' }>,
  { record, judgement }: JudgedRun,
  p95: number | null,
  limits: readonly DrawnLimit[],
): Course | null {
  const { comparison } = judgement;
  if (comparison.state !== 'compared' || p95 === null) return null;
  const earlier = runsOf(comparison.basis)
    .toSorted((one, other) => (one.entry.header.startedAt < other.entry.header.startedAt ? -1 : 1))
    .flatMap(({ entry }) => {
      const of =
        scope.kind === 'total' ? entry.total : entry.endpoints.find(({ name }) => name === scope.endpoint);
      const value = of?.metrics.p95 ?? null;
      return value === null ? [] : [{ label: labelOf(entry.header.fingerprint, entry.header.id), value }];
    });
  if (earlier.length < fewest) return null;
  const points = [...earlier, { label: 'this run', value: p95 }];
  return {
    kind: 'course',
    title: 'p95 over commits',
    says: [
      `p95 in ${counted(earlier.length, 'earlier run')}, oldest first, and in this run: ${quantity(p95, 'ms')}. The records behind it started before ${record.header.startedAt.slice(0, 10)}.`,
    ],
    x: { of: 'order', scale: 'linear', labels: points.map(({ label }) => label) },
    y: { of: 'ms', scale: 'linear' },
    layers: [
      {
        kind: 'line',
        name: '',
        tone: 'main',
        dots: true,
        points: points.map(({ value }, index) => [index, value] as const),
      },
      ...limits
        .filter(({ metric, scope: of }) => metric === 'p95' && of.kind !== 'stage')
        .map(({ value, what }) => ({ kind: 'limit', value, what, over: null }) as const),
    ],
    rowsAt: points.map((_, index) => index),
    behind: table(
      [left('commit'), right('p95')],
      points.map(({ label, value }) => ({
        cells: [textCell(label), figure(quantity(value, 'ms'), value, 'ms')],
      })),
    ),
  };
}

function runsOf(basis: Basis): readonly StoredRun[] {
  if (basis.kind === 'unlike') return [basis.reference];
  return basis.kind === 'fewRuns' ? [basis.reference, ...basis.others] : basis.runs;
}

function labelOf({ git }: Fingerprint, id: string): string {
  return shortCommit(git?.commit ?? id);
}
