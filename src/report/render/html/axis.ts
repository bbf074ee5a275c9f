import { scaleLinear, scaleLog } from 'd3-scale';
import { duration, number, percent, quantity, size, span } from '../../../words/quantity-text.ts';
import type { PlotAxis } from '../../document/plot.ts';

/** A place on an axis with its name. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Where values lie, in units of the drawing, and what stands beside the axis. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  readonly from: number;
  readonly to: number;
}

/** Where the values of a drawing lie. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An axis over these values, from one end of the drawing to the other. */
export function axisScale(
  axis: PlotAxis,
  values: readonly number[],
  range: readonly [number, number],
): Scale {
  const known = values.filter(Number.isFinite);
  const most = known.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
  const least = known.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
  if (known.length === 0) return { at: () => range[0], ticks: [], from: 0, to: 0 };
  if (axis.of === 'rarity') return rarity(least, most, range);
  if (axis.of === 'elapsed') return elapsed(least, most, range);
  if (axis.of === 'order') return order(axis.labels ?? [], range);
  return axis.scale === 'log' ? logarithmic(axis, least, most, range) : linear(axis, least, most, range);
}

function linear(axis: PlotAxis, least: number, most: number, range: readonly [number, number]): Scale {
  const scale = scaleLinear([Math.min(0, least), most > 0 ? most : 1], range).nice(4);
  const [from = 0, to = 1] = scale.domain();
  const ticks = scale.ticks(4).map(value => ({ value, label: valueText(value, axis.of) }));
  return { at: scale, ticks, from, to };
}

function logarithmic(axis: PlotAxis, least: number, most: number, range: readonly [number, number]): Scale {
  const from = Math.max(least, most / 1e7, 1e-6);
  const scale = scaleLog([from / 1.15, most * 1.15], range);
  const decades = Math.log10(most / from);
  const steps = decades > 3.2 ? [1] : decades > 1.6 ? [1, 3] : [1, 2, 5];
  const [low = 1, high = 1] = scale.domain();
  const ticks = powersIn(low, high).flatMap(power =>
    steps
      .map(step => step * 10 ** power)
      .filter(value => value >= low && value <= high)
      .map(value => ({ value, label: valueText(value, axis.of) })),
  );
  return { at: value => scale(Math.max(value, low)), ticks, from: low, to: high };
}

/** Of 1 / (1 − q): each decade is one nine more. */
function rarity(least: number, most: number, range: readonly [number, number]): Scale {
  const scale = scaleLog([Math.max(1, least), Math.max(most, 10)], range);
  const named = [2, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000].filter(value => value <= most);
  const ticks = named.map(value => ({ value, label: `p${number(100 * (1 - 1 / value), 8)}` }));
  return { at: scale, ticks, from: least, to: most };
}

/** The lengths of time that people count in, in seconds. */
const strides = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200,
];

function elapsed(least: number, most: number, range: readonly [number, number]): Scale {
  const scale = scaleLinear([least, Math.max(most, least + 1)], range);
  const seconds = (most - least) / 1_000;
  const stride = (strides.find(one => seconds / one <= 6) ?? 86_400) * 1_000;
  const first = Math.ceil(least / stride);
  const count = Math.max(0, Math.floor(most / stride) - first + 1);
  const ticks = Array.from({ length: count }, (_, index) => {
    const value = (first + index) * stride;
    return { value, label: stride >= 60_000 || value === 0 ? span(value) : duration(value) };
  });
  return { at: scale, ticks, from: least, to: most };
}

function order(labels: readonly string[], range: readonly [number, number]): Scale {
  const last = Math.max(1, labels.length - 1);
  const scale = scaleLinear([0, last], range);
  const every = Math.ceil(labels.length / 6);
  const ticks = labels
    .map((label, value) => ({ value, label }))
    .filter(({ value }) => (labels.length - 1 - value) % every === 0);
  return { at: scale, ticks, from: 0, to: last };
}

function powersIn(low: number, high: number): readonly number[] {
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, index) => first + index);
}

function valueText(value: number, of: PlotAxis['of']): string {
  switch (of) {
    case 'ms':
    case 'perSecond':
    case 'ratio':
      return quantity(value, of);
    case 'bytes':
      return size(value);
    case 'relative':
      return `${value > 0 ? '+' : value < 0 ? '−' : ''}${percent(Math.abs(value))}`;
    case 'difference':
      return `${value > 0 ? '+' : value < 0 ? '−' : ''}${number(Math.abs(value) * 100)} pp`;
    default:
      return number(value);
  }
}
