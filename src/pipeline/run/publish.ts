import { join } from 'node:path';
import { assertFileWritable, removeFile, writeText } from '../../deliver/files.ts';
import { PlimsollError } from '../../model/error.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { markdownReport } from '../../report/render/markdown.ts';
import { summaryOf } from '../../report/summary/summary.ts';

/** Where reports go. */
export interface ReportPlaces {
  /** The folder of the report and the summary; null for neither. */
  readonly folder: string | null;
  /** What they are called there: `report.md` and `summary.json` where it is left out. */
  readonly names?: { readonly markdown: string; readonly summary: string };
  /** One more file for the summary; null for none. */
  readonly summary: string | null;
}

/** The reports that were written, and what kept the others from it. */
export interface PublishedReport {
  readonly markdown: string | null;
  readonly summary: string | null;
  readonly problems: readonly PlimsollError[];
}

/** The summary as a JSON document. */
export function summaryText(runs: readonly JudgedRun[]): string {
  return `${JSON.stringify(summaryOf(runs), null, 2)}\n`;
}

/** Proves that the reports can be written; else throws `output.unwritable`. */
export async function assertPublishable(places: ReportPlaces): Promise<void> {
  for (const file of filesIn(places)) await assertFileWritable(file);
}

/** Removes the reports of an earlier run, so that they are not taken for those of one that is about to begin. */
export async function withdraw(places: ReportPlaces): Promise<void> {
  for (const file of filesIn(places)) await removeFile(file);
}

/** What goes into the reports. */
export interface ReportTexts {
  readonly markdown: () => string;
  readonly summary: () => string;
}

/** Writes the Markdown report and the summary of some runs. What cannot be written is told; the rest is written. */
export function publish(runs: readonly JudgedRun[], places: ReportPlaces): Promise<PublishedReport> {
  return publishTexts({ markdown: () => markdownReport(runs), summary: () => summaryText(runs) }, places);
}

/** Writes reports of any kind. What cannot be written is told; the rest is written. */
export async function publishTexts(texts: ReportTexts, places: ReportPlaces): Promise<PublishedReport> {
  const problems: PlimsollError[] = [];
  const written = async (file: string | null, text: () => string): Promise<string | null> => {
    if (file === null) return null;
    try {
      await writeText(file, text());
      return file;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      problems.push(error);
      return null;
    }
  };
  const markdown = await written(markdownIn(places), texts.markdown);
  const summary = await written(summaryIn(places), texts.summary);
  await written(places.summary, texts.summary);
  return { markdown, summary, problems };
}

const usualNames = { markdown: 'report.md', summary: 'summary.json' };

const markdownIn = ({ folder, names }: ReportPlaces) =>
  folder && join(folder, (names ?? usualNames).markdown);
const summaryIn = ({ folder, names }: ReportPlaces) => folder && join(folder, (names ?? usualNames).summary);

function filesIn(places: ReportPlaces): readonly string[] {
  return [markdownIn(places), summaryIn(places), places.summary].filter(file => file !== null);
}
