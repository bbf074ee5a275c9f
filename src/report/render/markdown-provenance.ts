import type { RunRecord } from '../../model/run/record.ts';
import { fenced, markdownCode, printable } from '../../safety/untrusted-text.ts';
import { fingerprintRows } from '../words/fingerprint-text.ts';
import { connectionsText, generatorText, handshakesText, sendLagText } from '../words/health.ts';
import { folded } from './markdown-blocks.ts';

/** By what a run was measured, on which machine, from which code, and the command that repeats it. */
export function provenanceOf({ header, measurement }: RunRecord): string {
  const handshakes = handshakesText(measurement);
  const rows = [
    ['scenario', header.file === null ? 'none, from the command line' : markdownCode(header.file)],
    ['target', markdownCode(header.target)],
    ['started', markdownCode(header.startedAt)],
    ['generator', generatorText(measurement, markdownCode)],
    ['send lag', sendLagText(measurement)],
    ['connections', connectionsText(measurement)],
    ...(handshakes === null ? [] : [['connecting', handshakes]]),
    ...fingerprintRows(header.fingerprint, markdownCode),
    ['workload', markdownCode(header.digest.slice(0, 12))],
    ['run', markdownCode(header.id)],
  ];
  return folded(
    'How it was measured, and the command that repeats it',
    rows.map(([what, value]) => `- ${what}: ${value}`).join('\n'),
    fenced([printable(header.command, 2_000)], 'sh'),
  );
}
