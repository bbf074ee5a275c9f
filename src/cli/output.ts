import {
  type JudgedRun,
  markdownReport,
  summaryText,
  terminalReport,
  verdictSentence,
  writeText,
} from '../index.ts';
import type { SharedFlags } from './options.ts';
import { type Session, wantsColor } from './session.ts';

/** Prints the result of some runs on standard output as the flags ask, and writes the summary where they say. */
export async function printResult(
  runs: readonly JudgedRun[],
  flags: SharedFlags,
  session: Session,
): Promise<void> {
  const toStandardOutput = flags.json === '-';
  if (flags.json !== undefined && !toStandardOutput) await writeText(flags.json, summaryText(runs));
  session.stdout.write(toStandardOutput ? summaryText(runs) : rendered(runs, flags, session));
}

function rendered(runs: readonly JudgedRun[], flags: SharedFlags, session: Session): string {
  if (flags.quiet) return `${verdictSentence(runs)}\n`;
  if (flags.format === 'json') return summaryText(runs);
  if (flags.format === 'markdown') return markdownReport(runs);
  const width = session.stdout.columns;
  return terminalReport(runs, {
    color: wantsColor(session, flags.color),
    ...(width === undefined ? {} : { width }),
  });
}

/** Whether standard output holds a document for another program, so that nothing else may be written there. */
export function printsDocument(flags: SharedFlags): boolean {
  return flags.json === '-' || flags.format !== 'terminal';
}
