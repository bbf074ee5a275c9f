import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { type Finding, worstVerdict } from '../../model/judgement/verdict.ts';
import { markdownCode, markdownText } from '../../safety/untrusted-text.ts';
import { counted, number } from '../../words/quantity-text.ts';
import { findingReason } from '../words/reasons/finding-reason.ts';
import { reasonsUnsaid, runSentence, verdictSentence } from '../words/sentence.ts';
import { findingsOfNote, metricText, scopeText } from '../words/wording.ts';
import { detailsOf } from './markdown-details.ts';
import { findingsTable, markdownVoice, verdictLine } from './markdown-findings.ts';
import { notedRegressions } from './markdown-regressions.ts';

/** GitHub refuses a step summary over 1 MiB: this leaves room for what else the step writes. */
const usualBytes = 900_000;
const mostNoted = 50;

/**
 * The report in GitHub's Markdown: the verdict sentence, what is not a pass, and the rest folded. It never exceeds
 * `maxBytes` of UTF-8: what does not fit is left out, sections before scenarios, and counted.
 */
export function markdownReport(
  runs: readonly JudgedRun[],
  { maxBytes = usualBytes }: { readonly maxBytes?: number } = {},
): string {
  const verdict = worstVerdict(runs.map(({ judgement }) => judgement.verdict));
  const opening = verdictLine(verdict, verdictSentence(runs, markdownVoice));
  const isAlone = runs.length === 1;
  let room = maxBytes - bytesOf(opening) - bytesOf(leftOut(runs.length, 'scenario'));
  const fits = (block: string): boolean => {
    const bytes = bytesOf(block);
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const shown = runs
    .map(run => ({ run, visible: visiblePart(run, isAlone), sections: [] as string[], left: 0 }))
    .filter(({ visible }) => fits(visible + leftOut(9, 'section')));
  for (const part of shown) {
    for (const section of detailsOf(part.run)) {
      if (fits(section)) part.sections.push(section);
      else part.left += 1;
    }
  }
  const parts = shown.flatMap(({ visible, sections, left }) => [
    visible,
    ...sections,
    leftOut(left, 'section'),
  ]);
  const blocks = [opening, ...parts, leftOut(runs.length - shown.length, 'scenario')];
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function leftOut(count: number, noun: string): string {
  return count === 0 ? '' : `_${counted(count, noun)} left out, since the report would be too long._`;
}

/** With the blank line that follows it. */
function bytesOf(block: string): number {
  return Buffer.byteLength(block) + 2;
}

function visiblePart(run: JudgedRun, isAlone: boolean): string {
  const { record, judgement } = run;
  const heading = [
    `### ${markdownCode(record.header.scenario)}`,
    verdictLine(judgement.verdict, runSentence(run, markdownVoice)),
  ];
  return [...(isAlone ? [] : heading), ...notPassed(run)].join('\n\n');
}

function notPassed(run: JudgedRun): readonly string[] {
  const noted = findingsOfNote(run);
  const more = noted.length - mostNoted;
  const shown = noted.slice(0, mostNoted);
  return [
    reasonsUnsaid(run)
      .slice(0, mostNoted)
      .map(reason => `- ${markdownText(reason)}`)
      .join('\n'),
    shown.length > 0 ? findingsTable(shown) : '',
    shown.map(reasonOf).join('\n'),
    more > 0 ? `and ${number(more)} more` : '',
    ...notedRegressions(run.judgement),
  ].filter(block => block !== '');
}

function reasonOf(finding: Finding): string {
  const { scope, metric } = finding;
  return `- ${scopeText(scope, markdownCode)} ${metricText(metric)}: ${markdownText(findingReason(finding))}`;
}
