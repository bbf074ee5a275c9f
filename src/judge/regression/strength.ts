import type { ComparisonNote } from '../../model/judgement/comparison-note.ts';
import type { RegressionFinding } from '../../model/judgement/regression.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { fewestRuns } from '../../stats/intervals/prediction.ts';
import type { Terms } from './cell.ts';
import { fewestToDiffer } from './few-runs.ts';

/** How strong the evidence of a comparison of a run is and what would make it stronger. */
export function strengthOf(
  run: RunRecord,
  { basis, startSpread }: Pick<Terms, 'basis' | 'startSpread'>,
  { stored, tolerance }: RegressionPolicy,
  findings: readonly RegressionFinding[],
): readonly ComparisonNote[] {
  if (basis.kind === 'unlike') {
    return [
      { kind: 'unlike', mismatch: basis.mismatch, bar: stored },
      { kind: 'moreRunsTell', fewest: fewestRuns },
      ...duetOf(run, basis),
    ];
  }
  if (basis.kind === 'fewRuns') {
    const runs = basis.others.length + 1;
    const spread = runs >= fewestToDiffer ? 'runs' : startSpread !== null ? 'starts' : 'unknown';
    return [
      { kind: 'fewRuns', runs, bar: stored, fewest: fewestRuns },
      { kind: 'rateUnknown', runs, spread, fewest: { ofTimes: fewestToDiffer, ofShares: fewestRuns } },
      ...duetOf(run, basis),
    ];
  }
  const predictions = findings.flatMap(({ evidence }) => (evidence.kind === 'prediction' ? [evidence] : []));
  const [first] = predictions;
  if (!first) return [];
  const each = predictions.map(({ detectable }) => detectable);
  const detectable = { least: Math.min(...each), most: Math.max(...each) };
  return [
    { kind: 'manyRuns', runs: basis.runs.length, detectable, power: first.power },
    ...(detectable.most > tolerance ? ([{ kind: 'steadierRunsTell' }] as const) : []),
  ];
}

/** What a duet would add, of a scenario that has a file to give it and an engine that takes turns. */
function duetOf({ measurement }: RunRecord, { reference }: Terms['basis']): readonly ComparisonNote[] {
  const takesTurns = measurement.generator.engine === 'http';
  return takesTurns && reference.entry.header.file !== null ? [{ kind: 'duetTells' }] : [];
}
