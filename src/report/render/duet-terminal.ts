import pc from 'picocolors';
import type { JudgedDuet } from '../../model/duet/duet-judgement.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { duetNote } from '../words/duet-note.ts';
import { duetSentence } from '../words/duet-sentence.ts';
import { contestantText, effortText, findingsOfNote, gainsOf, rowOfDuet } from '../words/duet-wording.ts';
import { fingerprintRows } from '../words/fingerprint-text.ts';
import { duetEndReason } from '../words/reasons/duet-reason.ts';
import { notedRows, rowTable } from './terminal-regressions.ts';
import { blocks, type Screen, screenOf, verdictLines } from './terminal-screen.ts';
import { wrapped } from './text-table.ts';

/** The report of a duet for a terminal: the verdict sentence, what is not a pass, then everything that was compared. */
export function duetTerminal(
  duet: JudgedDuet,
  { color, width }: { readonly color: boolean; readonly width?: number },
): string {
  const { record, judgement } = duet;
  const screen = screenOf(pc.createColors(color), width);
  const { base, head } = record.contestants;
  const facts = [
    ['base', contestantText(base, printable)],
    ['head', contestantText(head, printable)],
    ['measured', effortText(record)],
    ...fingerprintRows(record.header.fingerprint, printable),
    ['again', printable(record.header.command, 2_000)],
  ] as const;
  return `${blocks([
    verdictLines(duetSentence(duet), judgement.verdict, screen),
    notedRows([...findingsOfNote(duet), ...gainsOf(duet)].map(rowOfDuet), screen),
    rowTable(judgement.findings.map(rowOfDuet), screen, 'values'),
    remarks(duet, screen),
    facts.flatMap(([what, text]) =>
      wrapped(`${what}: ${text}`, screen.width, '  ').map(line => screen.colors.dim(line)),
    ),
  ])}\n`;
}

function remarks({ judgement }: JudgedDuet, screen: Screen): readonly string[] {
  const { notes, progress } = judgement;
  const end = progress.state === 'over' ? [`It ended there: ${duetEndReason(progress.reason)}.`] : [];
  return [...notes.map(duetNote), ...end].flatMap(remark =>
    wrapped(printable(remark, 2_000), screen.width, '  ', '• '),
  );
}
