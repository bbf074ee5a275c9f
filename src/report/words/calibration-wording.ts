import {
  type AlarmCount,
  type Calibration,
  type CalibrationFindings,
  type EffectPower,
  fewestStarts,
  type MeasuredShift,
  type QuantileSpread,
  type Rate,
} from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { DuetLayout } from '../../model/duet/duet.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { changeRange, changeText } from '../../words/change-text.ts';
import { counted, none, number, percent, span } from '../../words/quantity-text.ts';

/** What was injected: `+10% on all`, `+10% on the tail`. */
export function ruleText(rule: DelayRule): string {
  if (rule.kind === 'none') return 'nothing';
  return `${changeText(rule.factor, 'relative')} on ${rule.kind === 'scale' ? 'all' : 'the tail'}`;
}

/** A rate in whole percent: `94%`; `<1%` and `>99%` where whole percent would say never or always. */
export function rateText({ hits, of }: Pick<Rate, 'hits' | 'of'>): string {
  if (of === 0) return none;
  const rounded = Math.round((100 * hits) / of);
  if (hits > 0 && rounded === 0) return '<1%';
  return hits < of && rounded === 100 ? '>99%' : `${rounded}%`;
}

/** A rate with its interval: `94% (90–97%)`. */
export function rateRange(rate: Rate): string {
  if (rate.of === 0) return none;
  return `${rateText(rate)} (${Math.round(100 * rate.low)}–${Math.round(100 * rate.high)}%)`;
}

/** A measured shift with its interval: `+9.8% (+9.1% to +10.4%)`. */
export function shiftText(shift: MeasuredShift | null): string {
  if (shift === null) return none;
  const { value, low, high } = shift;
  return `${changeText(value, 'relative')} (${changeRange({ low, high, confidence: 0.95 }, 'relative')})`;
}

/** How many of some duets failed: `none of 12`. */
function countsText({ duets, accused }: AlarmCount): string {
  return `${accused === 0 ? 'none' : number(accused)} of ${number(duets)}`;
}

/** How many of some duets failed, with the bound of their share: `3 of 1,000, so at most 0.77%`. */
function alarmsText(alarms: AlarmCount): string {
  return alarms.duets === 0
    ? 'there was none'
    : `${countsText(alarms)}, so at most ${percent(alarms.upper, 2)}`;
}

/** How far starts differ in a quantile: `2.1% (at most 3.4%)`, as standard deviations. */
export function spreadRange({ value, upper }: Pick<QuantileSpread, 'value' | 'upper'>): string {
  return `${percent(value, 2)} (at most ${percent(upper, 2)})`;
}

/** The power of the injected delays, as far as duets were simulated. */
export function simulatedPower({ power }: CalibrationFindings): readonly EffectPower[] {
  return power.filter(({ looks }) => (looks[0]?.caught.of ?? 0) > 0);
}

/** What a calibration means for those who run duets: which slowdown is found how often, after how much load. */
export function calibrationSentence(calibration: Calibration): string {
  const { findings, layout } = calibration;
  const { real, simulated } = findings.falseAlarms;
  if (simulated.duets === 0) {
    return `Too few ${layout.repeat}s were recorded to say what a duet finds on this machine.`;
  }
  const most = `at most ${percent(simulated.upper, 2)} of duets`;
  if (layout.repeat === 'round') {
    const measured = `of its measured duets against itself, ${countsText(real)} did`;
    return `This instance crosses the bar of a fail against itself in ${most}, if neither side is favoured by its place; ${measured}.`;
  }
  const measured = `of measured duets of a build against itself, ${countsText(real)} accused it`;
  const alarm = `if neither side is favoured by its place, a build is accused of being slower than itself in ${most}; ${measured}`;
  const found = (['scale', 'tail'] as const).flatMap(kind => nearestPower(calibration, kind));
  const last = found[0]?.looks.at(-1);
  if (last === undefined) return `On this machine, ${alarm}.`;
  const within = `within ${counted(last.restarts, layout.repeat)} or ${span(last.loadMs)} of load`;
  return `On this machine ${found.map(caughtText).join(', and ')}, ${within}; ${alarm}.`;
}

/** The power of the delay of a kind that is nearest to the tolerance. */
function nearestPower({ findings, policy }: Calibration, kind: DelayRule['kind']): readonly EffectPower[] {
  const distance = ({ rule }: EffectPower) =>
    rule.kind === 'none' ? Number.POSITIVE_INFINITY : Math.abs(rule.factor - policy.tolerance);
  return simulatedPower(findings)
    .filter(({ rule }) => rule.kind === kind)
    .sort((one, other) => distance(one) - distance(other))
    .slice(0, 1);
}

/** What a delay did to the quantile that it is meant to move, and how often it is caught by the last look. */
function caughtText({ rule, shifts, looks }: EffectPower): string {
  if (rule.kind === 'none') return '';
  const [name, what] =
    rule.kind === 'scale' ? (['p50', 'all answers'] as const) : (['p95', 'the slowest tenth'] as const);
  const moved = shifts.flatMap(shift => shift[name]?.value ?? []).sort((one, other) => one - other);
  const ends = [...new Set([moved[0], moved.at(-1)].map(value => changeText(value ?? 0, 'relative')))];
  const did = moved.length === 0 ? '' : `, which moved ${name} by ${ends.join(' to ')},`;
  const caught = looks.at(-1)?.caught ?? { hits: 0, of: 0 };
  return `a delay of ${percent(rule.factor)} on ${what}${did} is caught in ${rateText(caught)} of duets`;
}

/** What was measured: how many starts, in how many phases, under which load, for how long. */
export function calibrationEffort({ restarts, layout, header }: Calibration): string {
  const { load, pairsPerRestart, slotMs } = layout;
  const phases = restarts.flatMap(restart => restart.phases);
  const loadMs = phases.reduce((sum, { restart }) => sum + restart.loadMs, 0);
  return [
    `${counted(restarts.length, layout.repeat)} with ${counted(restarts[0]?.phases.length ?? 0, 'phase')} of ${counted(pairsPerRestart, 'pair')} of ${span(slotMs)} slots each`,
    calibrationLoadText(load),
    `loaded for ${span(loadMs)} in ${span(header.durationMs)} of wall time`,
  ].join(', ');
}

/** The load of the side whose turn it is: `open load of 150 journeys/s`. */
export function calibrationLoadText(load: DuetLayout['load'], digits?: number): string {
  const height =
    load.model === 'open' ? `${number(load.rate, digits)} journeys/s` : counted(load.users, 'user');
  return `${load.model} load of ${height}`;
}

/** How far the figures reach, a sentence each. */
export function calibrationNotes(calibration: Calibration): readonly string[] {
  const { findings, restarts, layout } = calibration;
  const what =
    layout.repeat === 'round' ? 'Crossed the bar of a fail' : 'Accused of being slower than itself';
  const { real, simulated } = findings.falseAlarms;
  return [
    `${what}: ${alarmsText(real)}, of duets as they were measured; ${alarmsText(simulated)}, of simulated ones with the sides swapped by coin, which keep their level by construction and hold if neither side is favoured by its place.`,
    ...powerNotes(findings, counted(restarts.length, layout.repeat)),
    spreadNote(calibration),
  ];
}

function powerNotes(findings: CalibrationFindings, starts: string): readonly string[] {
  const shift =
    'A delay is a share of the time to the first byte as the proxy sees it. How far it moved p50 and p95 is the mean over starts, each against itself without delay, of one effect per restart of factor over all delays of a kind';
  const [power] = simulatedPower(findings);
  if (power === undefined) return findings.power.length === 0 ? [] : [`${shift}.`];
  return [
    `${shift}; simulated duets have that shift.`,
    `The rates are those of ${counted(power.looks[0]?.caught.of ?? 0, 'simulated duet')} for each injected delay, in which one endpoint is slower (all of its answers, or their slowest tenth, the tail), drawn from ${starts}: their intervals are those of the drawing alone. “were starts worse” is the rate if they scattered as much as ${starts} leave possible and the delay moved times by no more than the lower end of its 95% interval.`,
  ];
}

function spreadNote({ findings: { startSpread }, layout, restarts, contestant }: Calibration): string {
  if (layout.repeat === 'round') {
    const bar =
      'Rounds of one instance tell nothing of how far starts of its build differ, so a time that crosses the bar is inconclusive between URLs';
    return contestant.kind === 'url' && isLoopback(contestant.url)
      ? `${bar} unless \`plimsoll calibrate --ref\` with a commit of this API has shown on this machine that starts differ little; errors can fail.`
      : `${bar}, and on another machine nothing measures it from here; errors can fail.`;
  }
  if (startSpread === null) {
    return restarts.length < fewestStarts
      ? `How far starts differ is known from ${number(fewestStarts)} on; here are ${number(restarts.length)}.`
      : 'How far starts differ is not known, since an endpoint has too few requests in too many of them.';
  }
  return `Starts of one build differ by ${spreadRange(startSpread)} at p50 or p95, as the standard deviation of the log ratio of two of them.`;
}
