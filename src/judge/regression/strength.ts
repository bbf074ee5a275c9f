import type { Basis, RegressionFinding } from '../../model/judgement/regression.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { fewestRuns } from '../../stats/intervals/prediction.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, duration } from '../../words/quantity-text.ts';
import { differencesText } from './wording.ts';

const stronger = `Several stored runs on the same machine are stronger evidence; with ${fewestRuns} or more, smaller changes are told.`;
const duet =
  'A duet (plimsoll duet SCENARIO --base COMMIT) starts both commits on this machine and loads them in turn: it usually tells a change of a tenth.';
const steadier = 'Longer runs, a quieter machine, or more stored runs of it would tell smaller changes.';

/** How strong the evidence of a comparison of a run is and what would make it stronger, a sentence each. */
export function strengthOf(
  run: RunRecord,
  basis: Basis,
  { stored, tolerance }: RegressionPolicy,
  findings: readonly RegressionFinding[],
): readonly string[] {
  const bar = `${changeText(stored.tolerance, 'relative')} and ${duration(stored.floorMs)}`;
  if (basis.kind === 'unlike') {
    const { workload, machine } = basis.mismatch;
    const causes = [
      ...(workload ? ['another version of the scenario'] : []),
      ...(machine.length > 0 ? [`another machine (${differencesText(machine)})`] : []),
    ];
    return [
      `Weak evidence: the baseline is of ${causes.join(' and ')}, and the same code differs by up to 26% between ` +
        `machines, so a change past ${bar} warns and nothing fails but the budgets.`,
      stronger,
      ...duetOf(run, basis),
    ];
  }
  if (basis.kind === 'fewRuns') {
    const count = basis.others.length + 1;
    return [
      `Weak evidence: ${counted(count, 'stored run')} cannot tell how far runs of the same code differ, so only a change past ` +
        `${bar} fails; ${fewestRuns} or more of this machine would tell smaller ones.`,
      ...duetOf(run, basis),
    ];
  }
  const detectable = findings.flatMap(({ evidence }) =>
    evidence.kind === 'prediction' ? [evidence.detectable] : [],
  );
  if (detectable.length === 0) return [];
  const [least, most] = [Math.min(...detectable), Math.max(...detectable)].map(value =>
    changeText(value, 'relative'),
  );
  const range = least === most ? least : `${least} to ${most}, by endpoint and metric,`;
  return [
    `${counted(basis.runs.length, 'stored run')} of this machine tell how far runs of the same code differ: a change of ` +
      `${range} would be seen with a probability of 80%.`,
    ...(Math.max(...detectable) > tolerance ? [steadier] : []),
  ];
}

/** What a duet would add, of a scenario that has a file to give it and an engine that takes turns. */
function duetOf({ measurement }: RunRecord, { reference }: Basis): readonly string[] {
  const takesTurns = measurement.generator.engine === 'http';
  return takesTurns && reference.entry.header.file !== null ? [duet] : [];
}
