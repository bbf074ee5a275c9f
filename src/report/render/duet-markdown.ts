import type { JudgedDuet } from '../../model/duet/duet-judgement.ts';
import { fenced, markdownCode, markdownText, printable } from '../../safety/untrusted-text.ts';
import { duetNote } from '../words/duet-note.ts';
import { duetSentence } from '../words/duet-sentence.ts';
import { contestantText, effortText, findingsOfNote, gainsOf, rowOfDuet } from '../words/duet-wording.ts';
import { fingerprintRows } from '../words/fingerprint-text.ts';
import { duetEndReason } from '../words/reasons/duet-reason.ts';
import { countedVerdicts } from '../words/regression-wording.ts';
import { folded } from './markdown-blocks.ts';
import { markdownVoice, verdictLine } from './markdown-findings.ts';
import { notedRows, reasonOf, rowsOf } from './markdown-regressions.ts';

/** The report of a duet in GitHub's Markdown: the verdict sentence, what is not a pass, what it rests on; the rest folded. */
export function duetMarkdown(duet: JudgedDuet): string {
  const { record, judgement } = duet;
  const { base, head } = record.contestants;
  const { progress } = judgement;
  const facts = [
    `- head ${contestantText(head, markdownCode)}, base ${contestantText(base, markdownCode)}`,
    `- ${effortText(record)}`,
    ...judgement.notes.map(note => `- ${markdownText(duetNote(note), 2_000)}`),
    ...(progress.state === 'over'
      ? [`- It ended there: ${markdownText(duetEndReason(progress.reason))}.`]
      : []),
  ];
  const sections = [
    verdictLine(judgement.verdict, duetSentence(duet, markdownVoice)),
    ...notedRows(findingsOfNote(duet).map(rowOfDuet)),
    gainsOf(duet)
      .map(finding => reasonOf(rowOfDuet(finding)))
      .join('\n'),
    facts.join('\n'),
    compared(duet),
    provenance(duet),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

function compared({ judgement: { findings } }: JudgedDuet): string {
  if (findings.length === 0) return '';
  return folded(`Compared: ${countedVerdicts(findings)}`, ...rowsOf(findings.map(rowOfDuet)));
}

function provenance({ record: { header } }: JudgedDuet): string {
  const rows = [
    ['scenario', markdownCode(header.file ?? header.scenario)],
    ['started', markdownCode(header.startedAt)],
    ...fingerprintRows(header.fingerprint, markdownCode),
    ['workload', markdownCode(header.digest.slice(0, 12))],
    ['seed', String(header.seed)],
    ['duet', markdownCode(header.id)],
  ];
  return folded(
    'Where it was measured, and the command that repeats it',
    rows.map(([what, value]) => `- ${what}: ${value}`).join('\n'),
    fenced([printable(header.command, 2_000)], 'sh'),
  );
}
