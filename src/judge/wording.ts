import type { FailureKind } from '../model/failure.ts';
import type { MetricUnit } from '../model/metric.ts';
import type { Evidence, Interval } from '../model/verdict.ts';
import { isClustered } from './reading.ts';

/** A whole number with separators, for instance `5,812`. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `1 request`, `5,812 requests`. */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${Math.round(count) === 1 ? '' : 's'}`;
}

/** A quantity with its unit: `87.4 ms`, `1.25 s`, `0.8 %`, `380/s`. */
export function quantityText(value: number, unit: MetricUnit, digits = 3): string {
  if (unit === 'ratio') return `${significant(value * 100, digits)} %`;
  if (unit === 'perSecond') return `${significant(value, digits)}/s`;
  return value < 1_000 ? `${significant(value, digits)} ms` : `${significant(value / 1_000, digits)} s`;
}

/** A quantity beside its limit: with as many digits as tell the two apart. */
export function quantityBesideLimit(value: number, limit: number, unit: MetricUnit): string {
  const beside = limitText(limit, unit);
  for (let digits = 3; digits < 7; digits += 1) {
    const text = quantityText(value, unit, digits);
    if (value === limit || text !== beside) return text;
  }
  return quantityText(value, unit, 7);
}

/** A limit as its user wrote it, with its unit. */
export function limitText(limit: number, unit: MetricUnit): string {
  return quantityText(limit, unit, 12);
}

/** An interval: `95 % interval 108–117 ms`. */
export function intervalText({ low, high, confidence }: Interval, unit: MetricUnit): string {
  const name = `${significant(confidence * 100, 3)} % interval`;
  if (low === null && high === null) return `${name} open on both sides`;
  if (low === null) return `${name} up to ${quantityText(high ?? 0, unit)}`;
  if (high === null) return `${name} from ${quantityText(low, unit)}, open above`;
  const [from, to] = [quantityText(low, unit), quantityText(high, unit)];
  if (from === to) return `${name} ${to}`;
  const [, number, sign] = /^([\d.,]+)(\D+)$/.exec(from) ?? [];
  return sign !== undefined && to.endsWith(sign) && /^[\d.,]+$/.test(to.slice(0, -sign.length))
    ? `${name} ${number}–${to}`
    : `${name} ${from}–${to}`;
}

/** The samples behind a figure, and how many independent ones they are worth where that is much less. */
export function samplesText(evidence: Evidence): string {
  const text = counted(evidence.samples, 'sample');
  return isClustered(evidence)
    ? `${text}, worth ${countText(evidence.effectiveSamples)} independent ones`
    : text;
}

/** A length of time in whole seconds, or in minutes from three minutes on, rounded up. */
export function lengthText(seconds: number): string {
  const whole = Math.ceil(seconds - 1e-9);
  if (whole < 180) return `${countText(whole)} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 180 ? `${minutes} minutes` : `${countText(Math.ceil(minutes / 60))} hours`;
}

/** How many requests failed in which way: `400 refused, 2 timed out`. */
export function failuresText(
  failed: { readonly [kind in FailureKind]?: number },
  unfinished: number,
): string {
  const parts = (Object.entries(failed) as [FailureKind, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${countText(count)} ${failureWords[kind]}`);
  if (unfinished > 0) parts.push(`${countText(unfinished)} unfinished`);
  return parts.join(', ');
}

const failureWords: { readonly [kind in FailureKind]: string } = {
  dns: 'with a name that did not resolve',
  refused: 'refused',
  reset: 'reset',
  closed: 'closed without an answer',
  timeout: 'timed out',
  tls: 'failed in TLS',
  malformed: 'answered with something that is not HTTP',
  status: 'with an unexpected status',
  check: 'with a failed check',
  notSent: 'not sent',
};

function significant(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}
