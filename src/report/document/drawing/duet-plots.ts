import type { DuetFinding, JudgedDuet } from '../../../model/duet/duet-judgement.ts';
import type { RegressionPolicy } from '../../../model/judgement/regression-policy.ts';
import { changeText } from '../../../words/change-text.ts';
import { counted, none } from '../../../words/quantity-text.ts';
import { line, name } from '../../words/inline.ts';
import { shownChange, shownRange } from '../../words/regression-wording.ts';
import { type Plots, plotsOf, type Strips } from '../plot.ts';
import { count, figure, left, right, table, textCell } from '../table.ts';

/** The most rows of a drawing. */
const mostRows = 24;
/** The most restarts that have a column of their own in the table behind it. */
const mostColumns = 26;

/** What each restart of a duet showed: the times of all endpoints in one drawing, and each share that differed anywhere in one. */
export function duetPlots({ judgement, record }: JudgedDuet): readonly Plots[] {
  const { findings, policy } = judgement;
  const told = findings.filter(({ evidence }) => evidence.effects.some(effect => effect !== null));
  const times = told.filter(({ metric }) => metric.comparison?.as !== 'difference');
  const shares = new Set(
    told.flatMap(({ metric }) => (metric.comparison?.as === 'difference' ? [metric.name] : [])),
  );
  const differing = [...shares]
    .map(share => told.filter(({ metric }) => metric.name === share))
    .filter(of => of.some(({ evidence }) => evidence.effects.some(effect => (effect ?? 0) !== 0)));
  const { repeat } = record.layout;
  return plotsOf(null, [
    stripsOf(`Change of response times, a dot a ${repeat}`, times, policy, repeat),
    ...differing.map(of =>
      stripsOf(`Change of the ${of[0]?.metric.prose}, a dot a ${repeat}`, of, policy, repeat),
    ),
  ]);
}

function stripsOf(
  title: string,
  findings: readonly DuetFinding[],
  { floor, tolerance }: RegressionPolicy,
  repeat: string,
): Strips | null {
  const [first] = findings;
  if (first === undefined) return null;
  const ordered = worstOnes(findings);
  const { comparison, direction } = first.metric;
  const limits = comparison?.as === 'difference' ? comparison.limits : { floor, tolerance };
  const unit = comparison?.as === 'difference' ? 'difference' : 'relative';
  const shown = ordered.slice(0, mostRows);
  const most = Math.min(mostColumns, Math.max(...shown.map(({ evidence }) => evidence.effects.length)));
  const more = ordered.length - shown.length;
  return {
    kind: 'strips',
    title,
    says: [
      `Each dot is one ${repeat}, the bar the interval of the change, head against base; to the ${direction === 'atMost' ? 'right' : 'left'} is worse. A change counts from ${changeText(limits.floor, unit)} on, and ${changeText(limits.tolerance, unit)} is tolerated.${more > 0 ? ` ${counted(more, 'row')} more in the table of comparisons.` : ''}`,
    ],
    unit,
    floor: limits.floor,
    tolerance: limits.tolerance,
    worse: direction === 'atMost' ? 1 : -1,
    rows: shown.map(({ endpoint, metric, status, change, evidence }) => ({
      name: line`${name(endpoint, 60)} ${metric.name}`,
      verdict: status,
      effects: evidence.effects,
      estimate: change?.value ?? null,
      low: change?.interval?.low ?? null,
      high: change?.interval?.high ?? null,
    })),
    behind: table(
      [
        left('endpoint'),
        left('metric'),
        right('change'),
        right('interval'),
        right(`${repeat}s`),
        ...Array.from({ length: most }, (_, index) => right(String(index + 1))),
      ],
      shown.map(({ endpoint, metric, change, evidence }) => ({
        cells: [
          textCell(name(endpoint)),
          textCell(metric.name),
          figure(shownChange({ change }), change?.value ?? null, unit),
          { kind: 'interval', text: shownRange({ change }), value: change?.interval ?? null },
          count(evidence.effects.filter(effect => effect !== null).length),
          ...Array.from({ length: most }, (_, index) => {
            const effect = evidence.effects[index] ?? null;
            return figure(effect === null ? none : changeText(effect, unit), effect, unit);
          }),
        ],
      })),
    ),
  };
}

/** Those that accuse first, then what is open, then the passes, each in the order of the report. */
function worstOnes(findings: readonly DuetFinding[]): readonly DuetFinding[] {
  const order: readonly DuetFinding['status'][] = ['fail', 'warn', 'inconclusive', 'pass'];
  return order.flatMap(status => findings.filter(finding => finding.status === status));
}
