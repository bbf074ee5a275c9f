import type { Measurement, RunRecord } from '../model/record.ts';
import { Histogram } from '../stats/histogram.ts';
import { fenced, markdownCode, printable } from './foreign-text.ts';
import { folded } from './markdown-blocks.ts';
import { counted, duration, none, number, percent } from './quantity.ts';

/** By what a run was measured, on which machine, from which code, and the command that repeats it. */
export function provenanceOf({ header, measurement }: RunRecord): string {
  const { fingerprint } = header;
  const { git } = fingerprint;
  const code =
    git === null
      ? none
      : `${markdownCode(git.commit.slice(0, 12))}${git.branch === null ? '' : ` on ${markdownCode(git.branch)}`}${git.dirty ? ', with uncommitted changes' : ''}`;
  const rows = [
    ['scenario', header.file === null ? 'none, from the command line' : markdownCode(header.file)],
    ['target', markdownCode(header.target)],
    ['started', markdownCode(header.startedAt)],
    ['generator', generatorText(measurement)],
    ['send lag', sendLagText(measurement)],
    ['connections', connectionsText(measurement)],
    [
      'machine',
      `${markdownCode(fingerprint.cpu)}, ${counted(fingerprint.cores, 'core')}, ${number(fingerprint.memoryMb / 1_024)} GB`,
    ],
    ['system', `${markdownCode(fingerprint.os)}, Node ${markdownCode(fingerprint.node)}`],
    [
      'tool',
      `Plimsoll ${markdownCode(fingerprint.plimsoll)}${fingerprint.ci === null ? '' : ` in ${markdownCode(fingerprint.ci)}`}`,
    ],
    ['commit', code],
    ['workload', markdownCode(header.digest.slice(0, 12))],
    ['run', markdownCode(header.id)],
  ];
  return folded(
    'How it was measured, and the command that repeats it',
    rows.map(([what, value]) => `- ${what}: ${value}`).join('\n'),
    fenced([printable(header.command, 2_000)], 'sh'),
  );
}

function generatorText({ generator }: Measurement): string {
  const exhausted = Object.entries(generator.exhausted).map(
    ([code, count]) => `${markdownCode(code)} × ${number(count)}`,
  );
  const parts = [
    `${generator.pacing} pacing`,
    counted(generator.workers, 'worker'),
    generator.sharesMachine ? "on the target's own machine" : 'apart from the target',
    exhausted.length > 0 ? `could not send: ${exhausted.join(', ')}` : 'nothing held back',
  ];
  return parts.join(', ');
}

function sendLagText({ generator }: Measurement): string {
  const lag = Histogram.decode(generator.sendLag);
  if (lag.count === 0) return none;
  const at = (q: number) => duration(lag.quantile(q) / 1_000);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

function connectionsText({ connections, load }: Measurement): string {
  const errors = Object.entries(connections.errors).map(([kind, count]) => `${kind} ${number(count)}`);
  return [
    `${counted(connections.attempts, 'attempt')}${errors.length > 0 ? ` (failed: ${errors.join(', ')})` : ''}`,
    `${number(connections.peak)} open at most`,
    `${number(connections.closedIdle)} closed idle by the server`,
    connections.queued > 0
      ? `${counted(connections.queued, 'request')} waited for a free one (${percent(connections.queued / Math.max(1, load.sent))})`
      : 'no request waited for one',
  ].join(', ');
}
