import {
  type JudgedRun,
  markdownReport,
  problem,
  type ReportPlaces,
  summaryText,
  terminalReport,
  verdictSentence,
} from '../../app.ts';
import type { SharedFlags } from '../flags/options.ts';
import { type Session, wantsColor } from '../streams/session.ts';

/** What goes to standard output: the report, or the summary for another program. */
export function resultText(runs: readonly JudgedRun[], flags: SharedFlags, session: Session): string {
  const format = formatOf(flags);
  if (format === 'json') return summaryText(runs);
  if (format === 'markdown') return markdownReport(runs);
  if (flags.quiet) return `${verdictSentence(runs)}\n`;
  const width = session.stdout.columns;
  return terminalReport(runs, {
    color: wantsColor(session, flags.color),
    ...(width === undefined ? {} : { width }),
  });
}

/** What is printed on standard output; `--json -` asks for the summary there. */
export function formatOf({ json, format }: SharedFlags): SharedFlags['format'] {
  if (json !== '-') return format;
  if (format !== 'markdown') return 'json';
  throw problem('command.conflicting-flags', {
    where: '--json -',
    found: `--format ${format} as well`,
    expected: 'one of them on standard output',
    instead: '--json FILE',
  });
}

/** Where the reports go: into the folder, if any, and where `--json` says. */
export function placesOfReports(folder: string | null, { json }: SharedFlags): ReportPlaces {
  return { folder, summary: json === undefined || json === '-' ? null : json };
}
