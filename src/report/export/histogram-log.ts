import { createHash } from 'node:crypto';
import type { Document } from '../document/document.ts';
import type { TimeBlock } from '../document/time-block.ts';

/**
 * The response times of runs as a log of HdrHistogram (version 1.3), in microseconds: an interval for each endpoint and tenth of a
 * stage, tagged by scenario and endpoint. The warm-up is left out. A line of the log ends a tag at a comma or a space, so all but plain characters are
 * percent-encoded.
 */
export function histogramLog({ blocks = () => [] }: Document): string {
  const intervals = blocks();
  const start = intervals[0]?.fromMs ?? 0;
  return [
    '#[Response times in microseconds, by Plimsoll]',
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds(start)} (seconds since epoch), ${new Date(start).toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...intervals.map(intervalLine),
    '',
  ].join('\n');
}

function intervalLine({ scenario, endpoint, fromMs, lengthMs, maxUs, histogram }: TimeBlock): string {
  const tag = `${tagged(scenario)}:${tagged(endpoint)}`;
  return `Tag=${tag},${seconds(fromMs)},${seconds(lengthMs)},${(maxUs / 1_000).toFixed(3)},${histogram}`;
}

/** The longest part of a tag that stands as it is. */
const most = 300;

function tagged(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/');
  if (encoded.length <= most) return encoded;
  return `${encoded.slice(0, most)}~${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
