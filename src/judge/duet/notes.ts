import { isShare } from '../../analysis/metrics/share-metric.ts';
import type {
  DroppedRestart,
  DuetContinuation,
  DuetLayout,
  DuetRecord,
  Restart,
} from '../../model/duet/duet.ts';
import type { DuetFinding } from '../../model/duet/duet-judgement.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import type { StartMargin } from '../../model/duet/duet-reason.ts';
import type { Change } from '../../model/judgement/regression.ts';
import { clipLimits, disturbedCells } from '../../stats/flips/clipping.ts';
import type { RestartEffects } from '../../stats/flips/flip-statistics.ts';
import { allLooks, boundTailUpTo, duetLooks } from '../../stats/flips/sequential-test.ts';
import { signFlips } from '../../stats/flips/sign-flips.ts';
import { upperBounds } from '../../stats/flips/typical-values.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { medianOf } from '../../stats/order-statistic.ts';
import type { DuetCell } from './effects.ts';
import { failedInstancesNote, type LabelClaim, looksBesideLabels } from './instances.ts';
import type { Ruling } from './ruling.ts';
import { saturationNote } from './saturation.ts';
import { strainNote } from './strain.ts';
import { type CellTerms, testedBy } from './terms.ts';

/** What notes are made of. */
export interface NoteSources {
  /** All that were measured. */
  readonly restarts: readonly Restart[];
  readonly dropped: readonly DroppedRestart[];
  readonly contestants: DuetRecord['contestants'];
  readonly continued: readonly DuetContinuation[];
  readonly layout: DuetLayout;
  readonly ruling: Ruling;
  readonly findings: readonly DuetFinding[];
  readonly margin: StartMargin | null;
  readonly seed: number;
  /** What the restarts of the latest look showed, and by what terms. */
  readonly effects: readonly RestartEffects[];
  readonly terms: readonly CellTerms[];
  readonly cells: readonly DuetCell[];
  /** What the labels of several instances tell of the builds; null where there are too few. */
  readonly claim: LabelClaim | null;
}

/** How far the evidence of a duet reaches and what explains it. */
export function duetNotesOf(sources: NoteSources): readonly DuetNote[] {
  return [
    restartsNote(sources),
    continuedNote(sources),
    reachNote(sources),
    disturbedNote(sources),
    slowAtTimesNote(sources),
    neighborsNote(sources),
    instancesNote(sources),
    labelsNote(sources),
    failedInstancesNote(sources),
    cpuNote(sources),
    saturationNote(sources.restarts, sources.layout),
    strainNote(sources.restarts, sources.dropped, sources.layout),
    warmUpNote(sources),
    lagNote(sources),
  ].filter(note => note !== null);
}

function restartsNote({ restarts, layout, ruling }: NoteSources): DuetNote {
  const { repeat, mostRestarts: most } = layout;
  const measured = restarts.length;
  if (ruling.state === 'waiting') {
    return { kind: 'undecided', measured, most, first: allLooks[0]?.restarts ?? 10, repeat };
  }
  const looks = allLooks.slice(0, ruling.look + 1).map(look => look.restarts);
  const builds = buildsOf(restarts);
  return { kind: 'looks', measured, most, looks, later: measured - ruling.restarts, repeat, builds };
}

/** How many builds of a side ran; null where a side kept its folder. */
function buildsOf(restarts: readonly Restart[]): number | null {
  const ran = restarts.map(({ firstFolder, builds }) => (firstFolder === undefined ? null : builds));
  if (!ran.every(builds => builds)) return null;
  return Math.max(...(['base', 'head'] as const).map(side => new Set(ran.map(of => of?.[side])).size));
}

function continuedNote({ continued, layout: { repeat } }: NoteSources): DuetNote | null {
  if (continued.length === 0) return null;
  const looks = allLooks.slice(duetLooks.length);
  const spend = looks.reduce((sum, look) => sum + look.spend, 0);
  const after = continued.map(part => part.after);
  return { kind: 'continued', after, looks: looks.map(({ restarts }) => restarts), spend, repeat };
}

/** The greatest change that the required times leave open, as far as they have a bound. */
function reachNote({ ruling, findings }: NoteSources): DuetNote | null {
  if (ruling.state === 'waiting') return null;
  const required = findings.filter(({ required, metric }) => required && !isShare(metric));
  const bounds = required.flatMap(({ metric, endpoint, change }) =>
    typeof change?.interval?.high === 'number'
      ? [
          {
            endpoint,
            metric: metric.name,
            high: change.interval.high,
            confidence: change.interval.confidence,
          },
        ]
      : [],
  );
  const [widest] = bounds.toSorted((one, other) => other.high - one.high);
  if (widest === undefined) return null;
  return { kind: 'reach', widest, bounded: bounds.length, required: required.length };
}

/** The restarts of which some time lies so far out that it was clipped to half or less. */
function disturbedNote({
  restarts,
  ruling,
  effects,
  terms,
  layout: { repeat },
}: NoteSources): DuetNote | null {
  if (ruling.state === 'waiting') return null;
  const { nulls, clips } = testedBy(terms);
  const limits = clipLimits(effects, nulls, clips);
  const numbers = effects.flatMap((effect, index) => {
    const isDisturbed = disturbedCells(effect, nulls, limits).includes(true);
    return isDisturbed ? [restarts[index]?.number ?? index + 1] : [];
  });
  return numbers.length === 0 ? null : { kind: 'disturbed', numbers, of: effects.length, repeat };
}

/** The chance from which on it is worth a note that head's restarts lie far out and base's do not. */
const noteworthy = 0.05;

function slowAtTimesNote({ ruling, cells, layout: { repeat } }: NoteSources): DuetNote | null {
  if (ruling.state === 'waiting') return null;
  const found = ruling.cells.flatMap(({ excess }, index) => {
    const cell = cells[index];
    return cell && excess.pValue <= noteworthy ? [{ cell, excess }] : [];
  });
  const [worst] = found.toSorted((one, other) => one.excess.pValue - other.excess.pValue);
  if (worst === undefined) return null;
  const { endpoint, metric } = worst.cell;
  return { kind: 'slowAtTimes', endpoint, metric: metric.name, excess: worst.excess, repeat };
}

/** The time whose restarts resemble the one before most. */
function neighborsNote({ ruling, cells, layout: { repeat } }: NoteSources): DuetNote | null {
  if (ruling.state === 'waiting') return null;
  const told = ruling.cells.flatMap(({ serial }, index) => {
    const cell = cells[index];
    return cell?.required && serial !== null ? [{ cell, serial }] : [];
  });
  // The greatest of several is greater than any one of them.
  const bound = normalQuantile(1 - 0.05 / Math.max(1, told.length));
  const [most] = told.toSorted((one, other) => other.serial.value - one.serial.value);
  if (most === undefined) return null;
  const { endpoint, metric } = most.cell;
  const { value: correlation, deviations } = most.serial;
  const isClear = deviations > bound || ruling.cells.some(({ alike }) => alike !== null);
  return { kind: 'neighbors', endpoint, metric: metric.name, correlation, isClear, repeat };
}

function instancesNote({ margin }: NoteSources): DuetNote | null {
  return margin === null ? null : { kind: 'instances', margin };
}

/** The greatest shift between the builds that the labels leave open, of the required times. */
function labelsNote({ claim, cells, layout: { repeat } }: NoteSources): DuetNote | null {
  if (claim === null) return null;
  const bounds = claim.cells.flatMap((evidence, index) => {
    const cell = cells[index];
    if (!cell?.required || evidence === null || !Number.isFinite(evidence.upperBound)) return [];
    const { endpoint, metric } = cell;
    return [{ endpoint, metric: metric.name, high: Math.expm1(evidence.upperBound), confidence: 0.9 }];
  });
  const [widest = null] = bounds.toSorted((one, other) => other.high - one.high);
  const shareLevel = looksBesideLabels.reduce((sum, { spend }) => sum + spend, 0);
  return { kind: 'labels', labels: claim.labels, widest, shareLevel, repeat };
}

/** CPU time a request is steadier than any quantile, and so the best explanation there is. */
function cpuNote({ restarts, ruling, seed }: NoteSources): DuetNote | null {
  const seen = ruling.state === 'looked' ? restarts.slice(0, ruling.restarts) : restarts;
  const known = seen.flatMap(({ cpuUsPerRequest: cpu }) =>
    cpu !== null && cpu.base > 0 && cpu.head > 0 ? [cpu] : [],
  );
  if (known.length === 0) return null;
  const [base, head] = (['base', 'head'] as const).map(side => medianOf(known.map(cpu => cpu[side]))) as [
    number,
    number,
  ];
  const logs = known.map(cpu => Math.log(cpu.head / cpu.base));
  const value = Math.expm1(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const tail = ruling.state === 'looked' ? (allLooks[ruling.look]?.boundTail ?? 0) : 0;
  const flips = signFlips(logs.length, seed);
  const [high, negatedLow] = [1, -1].map(
    sign =>
      upperBounds(
        logs.map(log => [sign * log]),
        1,
        flips,
        tail,
      )[0] ?? Number.POSITIVE_INFINITY,
  ) as [number, number];
  const isKnown = ruling.state === 'looked' && Number.isFinite(high) && Number.isFinite(negatedLow);
  const interval = isKnown
    ? { low: Math.expm1(-negatedLow), high: Math.expm1(high), confidence: 1 - 2 * boundTailUpTo(ruling.look) }
    : null;
  const change: Change = { kind: 'relative', value, interval };
  return { kind: 'cpu', medianUs: { base, head }, change };
}

function warmUpNote({ restarts, layout: { repeat } }: NoteSources): DuetNote | null {
  const count = restarts.filter(({ isWarm }) => !isWarm).length;
  return count === 0 ? null : { kind: 'cold', count, of: restarts.length, repeat };
}

/** How late the generator may send before it is said: it was so on both sides alike, and blurs what lies below. */
const toleratedLagUs = 2_000;

function lagNote({ restarts, layout: { repeat } }: NoteSources): DuetNote | null {
  const worst = restarts.map(({ sendLagP99Us: { base, head } }) => Math.max(base, head));
  const late = worst.filter(lagUs => lagUs > toleratedLagUs);
  if (late.length === 0) return null;
  return {
    kind: 'sentLate',
    count: late.length,
    of: restarts.length,
    worstMs: Math.max(...late) / 1_000,
    repeat,
  };
}
