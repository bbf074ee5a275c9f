import {
  type Document,
  type PublishedReport,
  problem,
  type ReportPlaces,
  type ReportSubject,
  renderers,
} from '../../app.ts';
import type { SharedFlags } from '../flags/options.ts';
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

/** Where the reports go: into the folder, if any, and where `--json` says. */
export function placesOfReports(
  subject: ReportSubject,
  folder: string | null,
  { json }: Pick<SharedFlags, 'json'>,
): ReportPlaces {
  return { subject, folder, summary: json === undefined || json === '-' ? null : json };
}

/** Where everything was written, below a report on the terminal; nothing where that is not what was asked for. */
export function filesText(
  { files }: PublishedReport,
  others: readonly { readonly name: string; readonly file: string | null }[],
  flags: SharedFlags,
): string {
  if (flags.quiet || formatOf(flags) !== 'terminal') return '';
  const lines = [...files, ...others].map(({ name, file }) =>
    file === null ? '' : `  ${name.padEnd(7)}  ${file}\n`,
  );
  return `\n${lines.join('')}`;
}
