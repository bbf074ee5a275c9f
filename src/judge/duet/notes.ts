import type { DuetFinding, DuetLayout, Restart, StartSpread } from '../../model/duet/duet.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { signFlips } from '../../stats/flips/sign-flips.ts';
import { upperBounds } from '../../stats/flips/typical-values.ts';
import { changeRange, changeText } from '../../words/change-text.ts';
import { counted, duration, number, percent } from '../../words/quantity-text.ts';
import { isShare } from '../regression/share-metric.ts';
import { mostSpread, restartsText, spreadText } from './reason.ts';
import type { Ruling } from './ruling.ts';

/** What notes are made of. */
export interface NoteSources {
  /** All that were measured. */
  readonly restarts: readonly Restart[];
  readonly layout: DuetLayout;
  readonly ruling: Ruling;
  readonly findings: readonly DuetFinding[];
  readonly spread: StartSpread | null;
  readonly seed: number;
}

/** How far the evidence of a duet reaches and what explains it, a sentence each. */
export function notesOf(sources: NoteSources): readonly string[] {
  return [
    restartsNote(sources),
    reachNote(sources),
    roundsNote(sources),
    cpuNote(sources),
    warmUpNote(sources),
    lagNote(sources),
  ].filter(note => note !== null);
}

function restartsNote({ restarts, layout, ruling }: NoteSources): string {
  const measured = restartsText(restarts.length, layout);
  const most = `of ${number(layout.mostRestarts)} at most`;
  if (ruling.state === 'waiting') {
    return `${measured} ${most}: nothing is decided before ${number(duetLooks[0]?.restarts ?? 10)}.`;
  }
  const looks = duetLooks.slice(0, ruling.look + 1).map(look => number(look.restarts));
  const last = looks.length > 1 ? ` and ${looks.at(-1)}` : '';
  const after = `${looks.slice(0, Math.max(1, looks.length - 1)).join(', ')}${last}`;
  const later = restarts.length - ruling.restarts;
  const waiting = later > 0 ? `; the latest ${number(later)} wait for a further look` : '';
  const risk =
    layout.repeat === 'restart'
      ? ' Over all looks and comparisons, at most one of 100 unchanged builds is accused.'
      : '';
  return `${measured} ${most}, judged after ${after}${waiting}.${risk}`;
}

/** The greatest change that the required times leave open, as far as they have a bound. */
function reachNote({ ruling, findings }: NoteSources): string | null {
  if (ruling.state === 'waiting') return null;
  const required = findings.filter(({ required, metric }) => required && !isShare(metric));
  const bounds = required.flatMap(({ metric, endpoint, change }) =>
    typeof change?.interval?.high === 'number'
      ? [{ endpoint, metric, high: change.interval.high, confidence: change.interval.confidence }]
      : [],
  );
  const [widest] = bounds.sort((one, other) => other.high - one.high);
  if (widest === undefined) return null;
  const { endpoint, metric, high, confidence } = widest;
  const where = `${metric.name} of ${endpoint}`;
  const most = changeText(high, 'relative');
  const sure = `with ${percent(1 - (1 - confidence) / 2)} confidence`;
  const share = `${number(bounds.length)} of ${counted(required.length, 'required time')}`;
  const isWhole = bounds.length === required.length;
  if (bounds.length === 1) {
    const lead = isWhole ? '' : `Only ${share} could be bounded: `;
    return `${lead}${where} rose by ${most} at most, ${sure}.`;
  }
  const none = isWhole ? 'No required time' : `Of the ${share} that could be bounded, none`;
  return `${none} rose by more than ${most} (${where}), ${sure} each.`;
}

function roundsNote({ layout, spread }: NoteSources): string | null {
  if (layout.repeat === 'restart') return null;
  const claim =
    'The two APIs ran already, so what is found holds for these two instances and not for their builds';
  if (spread === null) {
    return `${claim}: how far starts of one build differ is not known here, so no time can fail, though errors can.`;
  }
  const past = spread.upper > mostSpread ? ', too much for a time to fail' : '';
  return `${claim}: starts of one build differ by ${spreadText(spread)} by ${counted(spread.starts, 'start')} on this machine${past}.`;
}

/** CPU time a request is steadier than any quantile, and so the best explanation there is. */
function cpuNote({ restarts, ruling, seed }: NoteSources): string | null {
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
  const ratio = Math.expm1(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const tail = ruling.state === 'looked' ? (duetLooks[ruling.look]?.boundTail ?? 0) : 0;
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
  const isKnown = tail > 0 && Number.isFinite(high) && Number.isFinite(negatedLow);
  const interval = { low: Math.expm1(-negatedLow), high: Math.expm1(high), confidence: 1 - 2 * tail };
  const range = isKnown
    ? `, ${percent(interval.confidence)} interval ${changeRange(interval, 'relative')}`
    : '';
  return (
    `CPU time a request: ${duration(base / 1_000)} in base, ${duration(head / 1_000)} in head (medians), ` +
    `${changeText(ratio, 'relative')}${range}.`
  );
}

function warmUpNote({ restarts }: NoteSources): string | null {
  const cold = restarts.filter(({ isWarm }) => !isWarm).length;
  if (cold === 0) return null;
  const which =
    cold === restarts.length
      ? 'In all restarts'
      : `In ${number(cold)} of ${counted(restarts.length, 'restart')}`;
  return `${which} the median was not seen to be flat before the measurement began.`;
}

/** How late the generator may send before it is said: it was so on both sides alike, and blurs what lies below. */
const toleratedLagUs = 2_000;

function lagNote({ restarts }: NoteSources): string | null {
  const worst = restarts.map(({ sendLagP99Us: { base, head } }) => Math.max(base, head));
  const late = worst.filter(lagUs => lagUs > toleratedLagUs);
  if (late.length === 0) return null;
  const most = duration(Math.max(...late) / 1_000);
  return (
    `In ${number(late.length)} of ${counted(restarts.length, 'restart')} the generator sent late (p99 up to ${most}): ` +
    'the machine was busy, which widens the intervals and favours neither side.'
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}
