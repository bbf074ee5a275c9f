import {
  type AlarmCount,
  type Calibration,
  type CalibrationFindings,
  type EffectPower,
  fewestStarts,
  type MeasuredShift,
  type QuantileSpread,
  type Rate,
} from '../model/calibration.ts';
import { changeRange, changeText } from '../model/change-text.ts';
import type { DelayRule } from '../model/delay-rule.ts';
import { counted, none, number, percent, span } from '../model/quantity-text.ts';

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

/** How many of a build's duets against itself failed: `3 of 1,000, at most 0.77%`. */
function alarmsText({ duets, accused, upper }: AlarmCount): string {
  if (duets === 0) return 'there was none';
  return `${accused === 0 ? 'none' : number(accused)} of ${number(duets)}, so at most ${percent(upper, 2)}`;
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
export function calibrationSentence({ findings, policy, layout }: Calibration): string {
  const { falseAlarms } = findings;
  const found = (['scale', 'tail'] as const).flatMap(kind => {
    const near = simulatedPower(findings)
      .filter(({ rule }) => rule.kind === kind)
      .sort((one, other) => distance(one.rule) - distance(other.rule))[0];
    const last = near?.looks.at(-1);
    if (near === undefined || last === undefined || near.rule.kind === 'none') return [];
    const where = kind === 'scale' ? 'of all times' : 'of p95 alone';
    const slowdown = `a slowdown of ${percent(near.rule.factor)} ${where}`;
    return [{ near, last, text: `${slowdown} is caught in ${rateText(last.caught)} of duets` }];
  });
  const [first] = found;
  const alarm = `a build is accused of being slower than itself in at most ${percent(falseAlarms.simulated.upper, 2)} of duets`;
  if (first === undefined) {
    return falseAlarms.simulated.duets === 0
      ? `Too few ${layout.unit}s were recorded to say what a duet finds on this machine.`
      : `On this machine ${alarm}.`;
  }
  const { units, loadMs } = first.last;
  const within = `within ${counted(units, layout.unit)} or ${span(loadMs)} of load`;
  return `On this machine ${found.map(({ text }) => text).join(', and ')}, ${within}; ${alarm}.`;

  function distance(rule: DelayRule): number {
    return rule.kind === 'none' ? Number.POSITIVE_INFINITY : Math.abs(rule.factor - policy.tolerance);
  }
}

/** What was measured: how many starts, in how many phases, under which load, for how long. */
export function calibrationEffort({ units, layout, header }: Calibration): string {
  const { load, pairsPerUnit, slotMs } = layout;
  const phases = units.flatMap(unit => unit.phases);
  const loadMs = phases.reduce((sum, { unit }) => sum + unit.loadMs, 0);
  const rate = load.model === 'open' ? `${number(load.rate)} journeys/s` : counted(load.users, 'user');
  return [
    `${counted(units.length, layout.unit)} with ${counted(units[0]?.phases.length ?? 0, 'phase')} of ${counted(pairsPerUnit, 'pair')} of ${span(slotMs)} slots each`,
    `${load.model} load of ${rate}`,
    `loaded for ${span(loadMs)} in ${span(header.durationMs)} of wall time`,
  ].join(', ');
}

/** How far the figures reach, a sentence each. */
export function calibrationNotes({ findings, units, layout }: Calibration): readonly string[] {
  const { falseAlarms } = findings;
  const power = simulatedPower(findings);
  const starts = counted(units.length, layout.unit);
  return [
    `Accused of being slower than itself: ${alarmsText(falseAlarms.real)}, of duets as they were measured; ${alarmsText(falseAlarms.simulated)}, of simulated ones with the sides swapped by coin.`,
    ...(power.length === 0
      ? []
      : [
          `The rates are those of ${counted(power[0]?.looks[0]?.caught.of ?? 0, 'simulated duet')} for each injected delay, in which one endpoint is slower (all of its answers, or their slowest tenth, the tail), drawn from ${starts}: their intervals are those of the drawing alone. “were starts worse” is the rate if they scattered as much as ${starts} leave possible.`,
        ]),
    spreadNote(findings, layout.unit, units.length),
  ];
}

function spreadNote(
  { startSpread }: CalibrationFindings,
  unit: Calibration['layout']['unit'],
  starts: number,
): string {
  if (unit === 'round') {
    return 'How far starts of one build differ is not known from rounds of APIs that run already: `plimsoll calibrate --ref HEAD` measures it.';
  }
  if (startSpread === null) {
    return `How far starts differ is known from ${number(fewestStarts)} on; here are ${number(starts)}.`;
  }
  return `Starts of one build differ by ${spreadRange(startSpread)} at p95, as the standard deviation of the log ratio of two of them.`;
}
