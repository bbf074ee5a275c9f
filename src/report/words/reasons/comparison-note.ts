import type { FingerprintDifference, Mismatch } from '../../../model/judgement/baseline.ts';
import type { ComparisonNote } from '../../../model/judgement/comparison-note.ts';
import { changeText } from '../../../words/change-text.ts';
import { newerText } from '../../../words/newer-text.ts';
import { counted, number, percent } from '../../../words/quantity-text.ts';
import { refusalText } from './refusal.ts';
import { barText, whichText } from './regression-reason.ts';

/** A note on a comparison as a whole sentence. */
export function comparisonNote(note: ComparisonNote): string {
  switch (note.kind) {
    case 'newer': {
      const others = note.others === 0 ? '' : ` (and ${counted(note.others, 'other run')} likewise)`;
      return `The stored run ${note.where} was ${newerText(note.newer)}${others}.`;
    }
    case 'passedOver':
      return `A stored run was passed over: ${refusalText(note.why)}.`;
    case 'accepted': {
      const commits = note.commits.map(commit => commit.slice(0, 10)).join(', ');
      const which = note.commits.length === 1 ? 'commit' : 'commits';
      const what = note.acceptance.findings.map(({ endpoint, metric }) => `${endpoint} ${metric}`);
      return `Accepted by the ${which} ${commits} (Plimsoll-Accept), so that it only warns: ${what.join(', ')}.`;
    }
    case 'acceptsNothing':
      return `Plimsoll-Accept: ${note.value} (commit ${note.commit.slice(0, 10)}) accepts nothing that fails here; that takes “Plimsoll-Accept: ${note.scenario} ${note.metrics.join(' ')}”.`;
    case 'ownAcceptance':
      return `Plimsoll-Accept: ${note.value} (commit ${note.commit.slice(0, 10)}) does not count: the gate of the base judges, and this commit is not part of it.`;
    case 'sentLate': {
      const { which, late, requests, effect } = note;
      const said = `${which === 'run' ? 'This run' : 'The baseline'} sent ${number(late)} of ${counted(requests, 'request')} more than 1 ms late`;
      if (effect === 'takenOff') return `${said}; what that added to its times is taken off.`;
      const so = which === 'run' ? 'may be the only reason for a regression' : 'may hide a regression';
      return `${said}. Its record is of an older version and does not say what that added to its times, which ${so}.`;
    }
    case 'onlyIn':
      return `Not compared, since ${whichText(note.which)} alone has it: ${note.endpoints.join(', ')}.`;
    case 'unlike':
      return (
        `Weak evidence: the baseline is of ${causesText(note.mismatch)}, and the same code differs by up to 26% between ` +
        `machines, so a change past ${barText(note.bar)} warns and nothing fails but the budgets.`
      );
    case 'fewRuns':
      return (
        `Weak evidence: ${counted(note.runs, 'stored run')} cannot tell how far runs of the same code differ, so only a change past ` +
        `${barText(note.bar)} fails; ${note.fewest} or more of this machine would tell smaller ones.`
      );
    case 'rateUnknown': {
      const { runs, spread, fewest } = note;
      if (spread !== 'unknown') {
        return `How often unchanged code fails by its error rate is not known with fewer than ${fewest.ofShares} stored runs.`;
      }
      const by =
        runs === 1 ? ': where runs of one build differ by 10%, it is one in 18, and by 26%, one in 5' : '';
      return (
        `How often unchanged code fails here is not known with ${counted(runs, 'stored run')}${by}. A calibration (plimsoll calibrate) or ` +
        `${fewest.ofTimes} stored runs tell it for times, ${fewest.ofShares} for error rates.`
      );
    }
    case 'manyRuns': {
      const [least, most] = [note.detectable.least, note.detectable.most].map(value =>
        changeText(value, 'relative'),
      );
      const range = least === most ? least : `${least} to ${most}, by endpoint and metric,`;
      return (
        `${counted(note.runs, 'stored run')} of this machine tell how far runs of the same code differ: a change of ` +
        `${range} would be seen with a probability of ${percent(note.power)}.`
      );
    }
    case 'moreRunsTell':
      return `Several stored runs on the same machine are stronger evidence; with ${note.fewest} or more, smaller changes are told.`;
    case 'duetTells':
      return 'A duet (plimsoll duet SCENARIO --base COMMIT) starts both commits on this machine and loads them in turn: it usually tells a change of a tenth.';
    case 'steadierRunsTell':
      return 'Longer runs, a quieter machine, or more stored runs of it would tell smaller changes.';
  }
}

/** How two machines differ in one part of their fingerprint: `cores 8, now 2`; what they say goes through `show`. */
export function differenceText(
  { part, baseline, run }: FingerprintDifference,
  show = (untrusted: string) => untrusted,
): string {
  return `${partNames[part]} ${show(baseline)}, now ${show(run)}`;
}

function causesText({ workload, machine }: Mismatch): string {
  const differences = machine.map(difference => differenceText(difference)).join('; ');
  return [
    ...(workload ? ['another version of the scenario'] : []),
    ...(machine.length > 0 ? [`another machine (${differences})`] : []),
  ].join(' and ');
}

const partNames: { readonly [part in FingerprintDifference['part']]: string } = {
  cpu: 'processor',
  cores: 'cores',
  memory: 'memory',
  os: 'operating system',
  node: 'Node',
  ci: 'CI',
  targetHost: 'target host',
};
