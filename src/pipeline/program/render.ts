import type { JudgedDuet } from '../../model/duet/duet-judgement.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { duetDocument } from '../../report/document/subject/duet-document.ts';
import { runDocument } from '../../report/document/subject/run-document.ts';
import { type FormatOf, renderers } from '../../report/render/renderers.ts';

/** What there are reports of: one or more judged runs, or a duet. */
export type Reported = JudgedRun | readonly JudgedRun[] | JudgedDuet;

/** What a report can be: text for a terminal, without colours; Markdown; HTML; the summary, as JSON; or a file for another tool. */
export type ReportFormat = FormatOf<'run' | 'duet'>;

/** The report of judged runs or of a duet, as text. */
export function render(reported: Reported, format: ReportFormat): string {
  const document = isDuet(reported) ? duetDocument(reported) : runDocument([reported].flat());
  return renderers[format].render(document);
}

function isDuet(reported: Reported): reported is JudgedDuet {
  return 'record' in reported && 'contestants' in reported.record;
}
