import { analyse } from '../../analysis/analysis.ts';
import type { Measurement } from '../../model/run/record.ts';
import type { Histogram } from '../../stats/histogram.ts';
import { counted, duration, none, number, percent } from '../../words/quantity-text.ts';
import { type Inline, joined, line, name } from './inline.ts';

/** The share of a worker's time from which on it is worth a word. */
const muchBusy = 0.5;
/** The share of the cores that a host must have taken away to be worth a word. */
const leastStolen = 0.01;

/** By what the load was sent, how busy that was, and what this machine lacked. */
export function generatorText({ generator }: Measurement): Inline {
  const exhausted = Object.entries(generator.exhausted).map(
    ([code, count]) => line`${name(code)} × ${number(count)}`,
  );
  const parts = [
    `${generator.engine} engine`,
    `${generator.pacing} pacing`,
    counted(generator.workers, 'worker'),
    ...(generator.busy !== null && generator.busy >= muchBusy ? [`${percent(generator.busy)} busy`] : []),
    generator.sharesMachine ? "on the target's own machine" : 'apart from the target',
    ...(exhausted.length > 0 ? [line`attempts to connect that failed here: ${joined(exhausted, ', ')}`] : []),
  ];
  return joined(
    parts.map(part => (typeof part === 'string' ? [part] : part)),
    ', ',
  );
}

/** Who used the processor of the generator's machine while the load ran; null where that is not known. */
export function cpuText({ generator: { cpu = null } }: Measurement): string | null {
  if (cpu === null) return null;
  const parts = [
    { who: 'Plimsoll', share: cpu.generator },
    { who: 'the API that it started', share: cpu.served },
    { who: 'other processes', share: cpu.others },
    { who: 'other guests of its host', share: cpu.stolen >= leastStolen ? cpu.stolen : null },
  ].flatMap(({ who, share }) => (share === null ? [] : [`${who} ${percent(share, 2)}`]));
  return `${parts.join(', ')} of ${counted(cpu.cores, 'core')}`;
}

/** How late requests went out though nothing but the generator held them back. */
export function sendLagText(measurement: Measurement): string {
  return quantilesOf(analyse(measurement).sendLag(), [0.5, 0.99, 1]) ?? none;
}

/** What the connections did, apart from what became of the requests. */
export function connectionsText({ connections, endpoints }: Measurement): string {
  const errors = Object.entries(connections.errors).map(([kind, count]) => `${kind} ${number(count)}`);
  const { max, streams, moved = 0 } = connections;
  // The warm-up as well: its requests wait for the same connections.
  const due = endpoints.flatMap(({ windows }) => windows).reduce((sum, { counts }) => sum + counts.due, 0);
  return [
    ...(streams === undefined ? [] : [`HTTP/2 with up to ${counted(streams, 'stream')} each`]),
    `${counted(connections.attempts, 'attempt')}${errors.length > 0 ? ` (failed: ${errors.join(', ')})` : ''}`,
    `${number(connections.peak)} open at most${max === null ? '' : ` of ${number(max)}`}`,
    ...(connections.closedIdle > 0 ? [`${number(connections.closedIdle)} closed idle by the server`] : []),
    ...(moved > 0
      ? [`${counted(moved, 'request')} given back unprocessed (GOAWAY) and sent on another`]
      : []),
    ...(max === null ? [] : [queuedText(connections.queued, due)]),
  ].join(', ');
}

function queuedText(queued: number, due: number): string {
  return queued > 0
    ? `${counted(queued, 'request')} waited for a free one (${percent(queued / Math.max(1, due))})`
    : 'no request waited for one';
}

/** How long connections took to be made, and TLS handshakes on top of that; null where none was made. */
export function handshakesText(measurement: Measurement): string | null {
  const analysis = analyse(measurement);
  const parts = [
    { name: 'TCP', times: quantilesOf(analysis.connect(), [0.5, 0.99]) },
    { name: 'TLS handshake', times: quantilesOf(analysis.handshake(), [0.5, 0.99]) },
  ].filter(({ times }) => times !== null);
  return parts.length === 0 ? null : parts.map(({ name, times }) => `${name} ${times}`).join('; ');
}

function quantilesOf(histogram: Histogram, quantiles: readonly number[]): string | null {
  if (histogram.count === 0) return null;
  return quantiles
    .map(q => `${q === 1 ? 'max' : `p${q * 100}`} ${duration(histogram.quantile(q) / 1_000)}`)
    .join(', ');
}
