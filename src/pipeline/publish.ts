import { join } from 'node:path';
import { writeText } from '../deliver/files.ts';
import type { JudgedRun } from '../model/judged-run.ts';
import { markdownReport } from '../report/markdown.ts';
import { summaryOf } from '../report/summary.ts';

/** The files that a report consists of. */
export interface PublishedReport {
  readonly markdown: string;
  readonly summary: string;
}

/** The summary as a JSON document. */
export function summaryText(runs: readonly JudgedRun[]): string {
  return `${JSON.stringify(summaryOf(runs), null, 2)}\n`;
}

/** Writes the Markdown report and the summary of some runs into a folder; throws where that cannot be written. */
export async function publish(runs: readonly JudgedRun[], out: string): Promise<PublishedReport> {
  const markdown = join(out, 'report.md');
  const summary = join(out, 'summary.json');
  await writeText(markdown, markdownReport(runs));
  await writeText(summary, summaryText(runs));
  return { markdown, summary };
}
