import { isShare } from '../../../analysis/metrics/share-metric.ts';
import { type RepeatKind, type Side, sides } from '../../../model/duet/duet.ts';
import type { DuetFinding } from '../../../model/duet/duet-judgement.ts';
import type {
  DuetEndReason,
  DuetReason,
  InstanceLabels,
  Settling,
  StartMargin,
} from '../../../model/duet/duet-reason.ts';
import type { Metric } from '../../../model/judgement/metric.ts';
import type { Change } from '../../../model/judgement/regression.ts';
import { duetLooks } from '../../../stats/flips/sequential-test.ts';
import { changeText } from '../../../words/change-text.ts';
import { counted, number, percent } from '../../../words/quantity-text.ts';
import { changeSentence, confoundedText } from './change-sentence.ts';
import { hitsOf, worsening } from './metric-text.ts';

/** A duet's finding as far as its sentence tells of it. */
export type ReasonedDuet = Pick<
  DuetFinding,
  'metric' | 'base' | 'head' | 'change' | 'evidence' | 'confounded' | 'reason'
>;

/** Why a duet's finding has its status, and what would settle it where it is open: one sentence without its full stop. */
export function duetReason(finding: ReasonedDuet): string {
  return sentence(finding) + confoundedText(finding.confounded);
}

/** Why a duet is over: one sentence without its full stop. */
export function duetEndReason(reason: DuetEndReason): string {
  const { repeat } = reason;
  switch (reason.kind) {
    case 'failed':
      return `a slowing or more errors are established, and further ${repeat}s would not change that`;
    case 'settled':
      return 'every required comparison is settled';
    case 'hopeless':
      return `the ${counted(reason.open, 'comparison')} still open would not be settled by the ${repeat}s that are left`;
    case 'usedUp':
      return `${counted(reason.measured, repeat)} are the most there are`;
  }
}

/** What starts alone may make of two instances, and where that comes from: `18.8% (…)`. */
export function marginText({ most, deviation, from, instances = 1 }: StartMargin): string {
  const spread = `standard deviation of ${number(deviation, 2)}`;
  const why = {
    calibration: () => `by the calibration, starts differ by a ${spread} at most`,
    thisMachine: () => `not calibrated: a ${spread} between starts is assumed on this machine`,
    otherMachine: () => `a ${spread} between starts is assumed on other machines`,
  }[from.kind]();
  const mean =
    instances > 1 ? `, and by √${number(instances)} less between the means of ${number(instances)}` : '';
  return `${changeText(most, 'relative')} (${why}${mean})`;
}

/** How many instances the builds are told apart by: `5 + 5 instances`. */
export function labelsText({ instances }: InstanceLabels): string {
  return `${number(instances)} + ${number(instances)} instances`;
}

function sentence(finding: ReasonedDuet): string {
  const { metric, evidence, reason } = finding;
  const { repeat } = reason;
  const isTime = !isShare(metric);
  const unit: Change['kind'] = isTime ? 'relative' : 'difference';
  const lead = leadOf(finding);
  const told = counted(evidence.restarts, repeat);
  const established = `${lead}: established by ${told} (adjusted p ${number(evidence.pValue ?? 1, 2)})`;
  switch (reason.kind) {
    case 'worse':
      return `${established}, and not surely less than the tolerance of ${changeText(reason.tolerance, unit)}${earlyText(reason)}`;
    case 'worseShare':
      return `${established}, where any ${worsening(metric)} of ${changeText(reason.floor, unit)} and ${reason.fewestMore} ${hitsOf(metric)}s or more counts${earlyText(reason)}`;
    case 'worseThanStarts': {
      const { margin, tolerance } = reason;
      const within =
        margin.most < tolerance
          ? `, and not surely less than the tolerance of ${changeText(tolerance, unit)}`
          : '';
      return (
        `${lead}: established by ${told} as more than the starts of ${margin.instances === undefined ? 'two ' : ''}instances of one build may make (adjusted p ` +
        `${number(evidence.pValue ?? 1, 2)}), which is up to ${marginText(margin)}${within}${earlyText(reason)}`
      );
    }
    case 'worseByInstances': {
      const { labels, tolerance, high } = reason;
      const most = high === null ? '' : `, at most ${changeText(high, unit)}`;
      return (
        `${lead}: established of the builds by ${labelsText(labels)} (adjusted p ${number(evidence.pValue ?? 1, 2)} over the ` +
        `${number(labels.draws)} ways to label them)${most}, and not surely less than the tolerance of ${changeText(tolerance, unit)}`
      );
    }
    case 'mayBeInstances':
      return (
        `${established}: these instances differ, but it is not established of their builds by ${labelsText(reason.labels)} ` +
        `(adjusted p ${number(reason.pValue, 2)}, and ${number(reason.labels.level)} would do); more instances may tell`
      );
    case 'mayBeStart':
      return `${established}: ${reason.margin.instances === undefined ? 'these two instances' : 'these instances'} differ, but up to ${marginText(reason.margin)} may be this start alone; commits instead of URLs would settle it`;
    case 'tolerated': {
      const { margin } = reason;
      const found = `${established}, though surely less than the tolerance of ${changeText(reason.tolerance, unit)}`;
      return margin === null
        ? found
        : `${found}; of ${margin.instances === undefined ? 'two' : 'these'} instances, up to ${changeText(margin.most, unit)} may be this start alone`;
    }
    case 'improved':
      return `${lead}: ${isTime ? 'faster' : betterText(metric)}, established by ${told}`;
    case 'bounded': {
      const { already, tolerance } = reason;
      const when = already === null ? '' : `, as ${counted(already, repeat)} had shown already`;
      return `${lead}: surely less than the tolerance of ${changeText(tolerance, unit)}${when}`;
    }
    case 'open': {
      const { tolerance, of, settling } = reason;
      const share =
        evidence.restarts < of
          ? `only ${number(evidence.restarts)} of ${counted(of, repeat)} tell of it, and `
          : '';
      return `${lead}: ${unestablished(finding)}, ${isLikely(finding) ? 'and' : 'but'} one of ${changeText(tolerance, unit)} is not excluded; ${share}${settlingText(settling, repeat)}`;
    }
    case 'held': {
      const next = nextText(reason.nextLook);
      const p = number(evidence.pValue ?? 1, 2);
      return `${lead}: surely less than the tolerance of ${changeText(reason.tolerance, unit)}, but the ${worsening(metric)} is likely, though not established (adjusted p ${p}), so it does not pass yet: ${next}`;
    }
    case 'slowAtTimes':
      return (
        `${lead}: surely less than the tolerance of ${changeText(reason.tolerance, unit)} on the whole, but head was ` +
        `${slowAtTimesText(reason.excess, repeat)}, so it may be slow now and then, and does not pass: ${nextText(reason.nextLook)}`
      );
    case 'alike':
      return (
        `${lead}: ${repeat}s that do not depend on each other would establish it, but each resembles the one before ` +
        `(correlation ${number(reason.correlation, 2)}), which makes a difference by chance likelier: ${nextText(reason.nextLook)}`
      );
    case 'waiting': {
      const { measured, first } = reason;
      const few = `${counted(measured, repeat)} ${measured === 1 ? 'is' : 'are'} too few for a verdict`;
      return `${lead}; ${few}: the first is given after ${number(first)}`;
    }
    case 'noneDue':
      return `no request of it was due${onSides(reason.sides)}`;
    case 'neverBothSides':
      return `no ${repeat} tells its ${metric.prose}, since none had requests of both sides`;
    case 'allFailed':
      return `no ${repeat} tells its ${metric.name}: all of its requests failed${onSides(reason.sides)}`;
    case 'timedOut':
      return `no ${repeat} tells its ${metric.name}: so many requests of both sides timed out that it is the time they were given, whatever changed`;
    case 'tooFewSamples': {
      const { needed, samples } = reason;
      const takes = `no ${repeat} tells its ${metric.name}, which takes ${counted(needed, 'sample')} a side`;
      if (samples === 0) return `${takes}, where no ${repeat} has any of both`;
      // Rounded so that too few never reads as enough.
      const about = number(samples < 10 ? samples : Math.floor(samples), 2);
      const more = Math.ceil((10 * needed) / samples - 1e-9) / 10;
      return `${takes}, where a ${repeat} has about ${about}: about ${timesText(more)} the rate would do`;
    }
  }
}

/** How often head lay far out: `far slower in 3 restarts and far faster in none (by chance alone in 12.5% of duets)`. */
export function slowAtTimesText(
  { above, below, pValue }: Extract<DuetReason, { kind: 'slowAtTimes' }>['excess'],
  repeat: RepeatKind,
): string {
  const faster = below === 0 ? 'none' : number(below);
  return `far slower in ${counted(above, repeat)} and far faster in ${faster} (by chance alone in ${percent(pValue)} of duets)`;
}

function nextText(nextLook: number | null): string {
  return nextLook === null ? 'measure again' : `the next look, after ${number(nextLook)}, may tell`;
}

/** What all looks of a duet may spend. */
const duetLevel = duetLooks.reduce((sum, { spend }) => sum + spend, 0);

/** Only great changes are found before the last look, so what is found early is too great on the average. */
function earlyText({ isEarly }: { readonly isEarly: boolean }): string {
  return isEarly ? '; it was found at an early look, so the true change is probably less' : '';
}

/** That nothing is established; why, where the interval of the comparison by itself says otherwise. */
function unestablished(finding: ReasonedDuet): string {
  const worse = worsening(finding.metric);
  if (!isLikely(finding)) return `no ${worse} is established`;
  const pValue = finding.evidence.pValue ?? 1;
  const why =
    pValue < duetLevel
      ? 'it is too small to count as a change'
      : `its adjusted p over all comparisons and looks is ${number(pValue, 2)}`;
  return `the interval of this comparison by itself shows ${worse === 'increase' ? 'an increase' : 'a fall'}, which is not established, since ${why}`;
}

/** Whether all of the interval lies on the worse side. */
function isLikely({ metric, change }: ReasonedDuet): boolean {
  const { low, high } = change?.interval ?? { low: null, high: null };
  return worsening(metric) === 'increase' ? (low ?? 0) > 0 : (high ?? 0) < 0;
}

function leadOf({ metric, base, head, change }: ReasonedDuet): string {
  const observed = (value: number | null) => ({ value: value ?? 0, atLeast: false });
  return changeSentence({ metric, baseline: observed(base), observed: observed(head), change });
}

function settlingText(settling: Settling, repeat: RepeatKind): string {
  const steadier = 'a higher rate or a quieter machine';
  switch (settling.kind) {
    case 'steadier':
      return `${steadier} would settle it`;
    case 'restarts': {
      const about = `about ${counted(settling.needed, repeat)} would settle it at this spread`;
      return settling.isOver ? `${about}: measure again` : about;
    }
    case 'higherRate': {
      const { needed, most } = settling;
      return (
        `about ${counted(needed, repeat)} would settle it at this spread, and there are ${number(most)} at most: ` +
        `about ${timesText(needed / most)} the rate, or a quieter machine, would do`
      );
    }
    case 'outOfReach':
      return `no number of ${repeat}s near the ${number(settling.most)} there are would settle it: it takes ${steadier}`;
  }
}

/** Names the side where it is not both. */
function onSides(some: readonly Side[]): string {
  return some.length < sides.length ? ` in ${some.join('')}` : '';
}

function timesText(times: number): string {
  return `${number(times, 2)} times`;
}

function betterText(metric: Metric): string {
  return `${worsening(metric) === 'increase' ? 'fewer' : 'more'} ${hitsOf(metric)}s`;
}
