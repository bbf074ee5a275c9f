import type { JudgedDuet } from '../../model/duet/duet-judgement.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { duetMarkdown } from '../../report/render/duet-markdown.ts';
import { duetTerminal } from '../../report/render/duet-terminal.ts';
import { markdownReport } from '../../report/render/markdown.ts';
import { terminalReport } from '../../report/render/terminal.ts';
import { duetSummaryText } from '../../report/summary/duet-summary.ts';
import { summaryText } from '../run/publish.ts';

/** What there are reports of: one or more judged runs, or a duet. */
export type Reported = JudgedRun | readonly JudgedRun[] | JudgedDuet;

/** What a report can be: text for a terminal, without colours; Markdown; or the summary, as JSON. */
export type ReportFormat = 'terminal' | 'markdown' | 'json';

/** The report of judged runs or of a duet, as text. */
export function render(reported: Reported, format: ReportFormat): string {
  if (isDuet(reported)) return duetFormats[format](reported);
  return runFormats[format]([reported].flat());
}

const runFormats: { readonly [format in ReportFormat]: (runs: readonly JudgedRun[]) => string } = {
  terminal: runs => terminalReport(runs, { color: false }),
  markdown: markdownReport,
  json: summaryText,
};

const duetFormats: { readonly [format in ReportFormat]: (duet: JudgedDuet) => string } = {
  terminal: duet => duetTerminal(duet, { color: false }),
  markdown: duetMarkdown,
  json: duetSummaryText,
};

function isDuet(reported: Reported): reported is JudgedDuet {
  return 'record' in reported && 'contestants' in reported.record;
}
