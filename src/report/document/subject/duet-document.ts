import type { JudgedDuet } from '../../../model/duet/duet-judgement.ts';
import { severityOf } from '../../../model/judgement/verdict.ts';
import { number } from '../../../words/quantity-text.ts';
import { duetSummaryOf, duetsSummaryOf } from '../../summary/duet-summary.ts';
import { controlSentence } from '../../words/duet-control.ts';
import { duetNote } from '../../words/duet-note.ts';
import { duetSentence, headsSentence } from '../../words/duet-sentence.ts';
import {
  contestantText,
  duetFindingsOfNote,
  effortText,
  gainsOf,
  headName,
  rowOfDuet,
} from '../../words/duet-wording.ts';
import { line, prose } from '../../words/inline.ts';
import { duetEndReason } from '../../words/reasons/duet-reason.ts';
import { countedVerdicts, rowInShort } from '../../words/regression-wording.ts';
import { type Document, folded, type Item, type Section, section } from '../document.ts';
import { duetPlots } from '../drawing/duet-plots.ts';
import { count, left, right, type Table, table, textCell } from '../table.ts';
import { comparedEntries, comparedTable, notedRows } from './comparison-blocks.ts';
import { gateBlocks } from './gate-blocks.ts';
import { turnsSection } from './provenance.ts';

/** The report of a judged duet: what is not a pass, what got better, then everything that was compared. */
export function duetDocument(duet: JudgedDuet): Document {
  return {
    subject: 'duet',
    sentence: duetSentence(duet),
    parts: [{ heading: null, sections: sectionsOf(duet) }],
    summary: duetSummaryOf(duet),
  };
}

/** The report of one head against base, or of several, each in a part of its own, the worst first. */
export function duetsDocument(duets: readonly JudgedDuet[]): Document {
  const [only] = duets;
  if (only !== undefined && duets.length === 1) return duetDocument(only);
  const ordered = duets.toSorted((one, other) => severityIn(one) - severityIn(other));
  return {
    subject: 'duet',
    sentence: headsSentence(ordered),
    overview: section(headTable(ordered)),
    parts: ordered.map(duet => ({
      heading: { name: headName(duet), sentence: duetSentence(duet) },
      sections: sectionsOf(duet),
    })),
    summary: duetsSummaryOf(duets),
  };
}

/** A duet's fail is always firm. */
function severityIn({ judgement: { verdict } }: JudgedDuet): number {
  return severityOf({ verdict, firm: true });
}

function sectionsOf(duet: JudgedDuet): readonly Section[] {
  const { record, judgement } = duet;
  const { base, head } = record.contestants;
  const rows = judgement.findings.map(rowOfDuet);
  return [
    section(
      ...gateBlocks(duet.gate),
      ...notedRows(duetFindingsOfNote(duet).map(rowOfDuet)),
      comparedEntries(gainsOf(duet).map(rowOfDuet)),
    ),
    section(...duetPlots(duet)),
    folded(
      { title: `Compared: ${countedVerdicts(judgement.findings)}`, decides: true, opens: true },
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
  ];
}

/** Several heads in a row each: the verdict and what decided it. */
function headTable(duets: readonly JudgedDuet[]): Table {
  return table(
    [left('head'), left('verdict'), right('restarts', { goes: 1 }), left('because', { fills: true })],
    duets.map(duet => {
      const [first, ...more] = duetFindingsOfNote(duet).filter(
        ({ status }) => status === duet.judgement.verdict,
      );
      const gist = first === undefined ? [''] : rowInShort(rowOfDuet(first), 40);
      return {
        cells: [
          textCell(headName(duet)),
          { kind: 'verdict', verdict: duet.judgement.verdict, qualifiers: [] },
          count(duet.record.restarts.length),
          textCell(...(more.length === 0 ? gist : line`${gist} and ${number(more.length)} more`)),
        ],
      };
    }),
  );
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
