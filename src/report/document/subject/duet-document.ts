import type { JudgedDuet } from '../../../model/duet/duet-judgement.ts';
import { duetSummaryOf } from '../../summary/duet-summary.ts';
import { controlSentence } from '../../words/duet-control.ts';
import { duetNote } from '../../words/duet-note.ts';
import { duetSentence } from '../../words/duet-sentence.ts';
import {
  contestantText,
  duetFindingsOfNote,
  effortText,
  gainsOf,
  rowOfDuet,
} from '../../words/duet-wording.ts';
import { line, prose } from '../../words/inline.ts';
import { duetEndReason } from '../../words/reasons/duet-reason.ts';
import { countedVerdicts } from '../../words/regression-wording.ts';
import { type Document, folded, type Item, type Section, section } from '../document.ts';
import { comparedEntries, comparedTable, notedRows } from './comparison-blocks.ts';
import { gateBlocks } from './gate-blocks.ts';
import { turnsSection } from './provenance.ts';

/** The report of a judged duet: what is not a pass, what got better, then everything that was compared. */
export function duetDocument(duet: JudgedDuet): Document {
  const { record, judgement } = duet;
  const { base, head } = record.contestants;
  const rows = judgement.findings.map(rowOfDuet);
  return {
    subject: 'duet',
    sentence: duetSentence(duet),
    parts: [
      {
        heading: null,
        sections: [
          section(
            ...gateBlocks(duet.gate),
            ...notedRows(duetFindingsOfNote(duet).map(rowOfDuet)),
            comparedEntries(gainsOf(duet).map(rowOfDuet)),
          ),
          folded(
            { title: `Compared: ${countedVerdicts(judgement.findings)}`, decides: true },
            comparedTable(rows, 'values'),
          ),
          remarks(duet),
          turnsSection('duet', record.header, {
            shared: [],
            told: [
              { name: 'base', value: contestantText(base) },
              { name: 'head', value: contestantText(head) },
              { name: 'measured', value: [effortText(record)] },
            ],
          }),
        ],
      },
    ],
    summary: duetSummaryOf(duet),
  };
}

function remarks({ record, judgement }: JudgedDuet): Section {
  const { base, head } = record.contestants;
  const { notes, progress, control } = judgement;
  const items: readonly Item[] = [
    { text: line`head ${contestantText(head)}, base ${contestantText(base)}`, only: 'page' },
    { text: [effortText(record)], only: 'page' },
    ...(control === null ? [] : [{ text: [prose(controlSentence(control, record.layout.repeat), 2_000)] }]),
    ...notes.map(note => ({ text: [prose(duetNote(note), 2_000)] })),
    ...(progress.state === 'over'
      ? [{ text: line`It ended there: ${prose(duetEndReason(progress.reason), 2_000)}.` }]
      : []),
  ];
  return section({ kind: 'list', style: 'points', items });
}
