import {
  type Document,
  type PublishedReport,
  problem,
  type ReportPlaces,
  type ReportSubject,
  renderers,
} from '../../app.ts';
import type { Places, SharedFlags } from '../flags/options.ts';
import { askedReports } from '../flags/report-files.ts';
import { type Session, wantsColor } from '../streams/session.ts';

/** What goes to standard output: the document in the format that was asked for. */
export function resultText(document: Document, flags: SharedFlags, session: Session): string {
  return renderers[formatOf(flags)].render(document, {
    color: wantsColor(session, flags.color),
    width: session.stdout.columns,
    quiet: flags.quiet,
  });
}

/** A document for a person at a terminal, by a command that has no other format. */
export function terminalText(document: Document, { stdout }: Session): string {
  return renderers.terminal.render(document, { width: stdout.columns });
}

/** What is printed on standard output; `--json -` asks for the summary there. */
export function formatOf({ json, format }: Pick<SharedFlags, 'json' | 'format'>): SharedFlags['format'] {
  if (json !== '-') return format;
  if (format === 'terminal' || format === 'json') return 'json';
  throw problem('command.conflicting-flags', {
    where: '--json -',
    found: `--format ${format} as well`,
    expected: 'one of them on standard output',
    instead: '--json FILE',
  });
}

/** Where the reports go: into the folder, if any, and where flags say; and settings, of a command that heeds `reports` there. */
export function placesOfReports(
  subject: ReportSubject,
  folder: string | null,
  { json, report }: Pick<SharedFlags, 'json' | 'report'>,
  places?: Pick<Places, 'settings' | 'out'>,
): ReportPlaces {
  return {
    subject,
    folder,
    summary: json === undefined || json === '-' ? null : json,
    asked: places
      ? askedReports({
          subject,
          folder: folder ?? places.out,
          flag: report,
          // Where nothing is written unless it is asked for, settings do not ask.
          settings: folder === null ? undefined : places.settings.reports,
        })
      : [],
  };
}

/** Where everything was written, below a report on the terminal; nothing where that is not what was asked for. */
export function filesText(
  { files }: PublishedReport,
  others: readonly { readonly name: string; readonly file: string | null }[],
  flags: SharedFlags,
): string {
  if (flags.quiet || formatOf(flags) !== 'terminal') return '';
  const all = [...files, ...others];
  const width = Math.max(7, ...all.map(({ name }) => name.length));
  const lines = all.map(({ name, file }) => (file === null ? '' : `  ${name.padEnd(width)}  ${file}\n`));
  return `\n${lines.join('')}`;
}
