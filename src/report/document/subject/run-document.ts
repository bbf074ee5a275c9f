import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { number } from '../../../words/quantity-text.ts';
import { summaryOf } from '../../summary/summary.ts';
import { attemptLines } from '../../words/attempt-text.ts';
import { name, prose } from '../../words/inline.ts';
import { comparisonRemarks } from '../../words/regression-wording.ts';
import { runSentence, verdictSentence } from '../../words/sentence.ts';
import { remarksOn } from '../../words/wording.ts';
import { type Block, type Document, folded, type Item, type Section, section } from '../document.ts';
import { comparedSection, notedComparisons } from './comparison-blocks.ts';
import { budgetSection, notedFindings, undoneBlock, unsaidReasons } from './finding-blocks.ts';
import { healthSection, provenanceSection } from './provenance.ts';
import { endpointSection, stageSection, unbudgetedText } from './run-figures.ts';
import { failureSection, slowestSection } from './run-requests.ts';
import { secondsSection } from './run-seconds.ts';

/** The most remarks that are listed. */
const mostRemarks = 20;

/** The report of judged runs. */
export function runDocument(runs: readonly JudgedRun[], subject: 'run' | 'comparison' = 'run'): Document {
  return {
    subject,
    sentence: verdictSentence(runs),
    parts: runs.map(run => ({
      heading:
        runs.length === 1 ? null : { name: name(run.record.header.scenario, 60), sentence: runSentence(run) },
      sections: sectionsOf(run),
    })),
    summary: summaryOf(runs),
  };
}

/** What is not a pass, then the figures, then what they rest on. */
function sectionsOf(run: JudgedRun): readonly Section[] {
  const { record, judgement } = run;
  return [
    section(
      ...attemptBlocks(run),
      ...unsaidReasons(run),
      undoneBlock(judgement),
      ...notedFindings(run),
      ...notedComparisons(judgement),
    ),
    endpointSection(run),
    budgetSection(judgement),
    ...comparedSection(judgement),
    stageSection(record),
    ...secondsSection(run),
    ...failureSection(record.measurement),
    ...slowestSection(record.measurement),
    healthSection(record.measurement),
    remarkSection(run),
    provenanceSection(record),
  ];
}

/** Which attempt this is, above all: what is read may be the luckier one. */
function attemptBlocks(run: JudgedRun): readonly Block[] {
  const items = attemptLines(run).map((text): Item => ({ text }));
  return items.length === 0 ? [] : [{ kind: 'list', style: 'points', items }];
}

function remarkSection(run: JudgedRun): Section {
  const { unbudgeted, comparison } = run.judgement;
  const remarks = [...comparisonRemarks(comparison), ...remarksOn(run)];
  const unlimited: Item = { text: unbudgetedText(unbudgeted, 60), only: 'screen' };
  return folded(`Notes: ${number(remarks.length)}`, {
    kind: 'list',
    style: 'points',
    items: [
      ...(unbudgeted.length > 0 ? [unlimited] : []),
      ...remarks.slice(0, mostRemarks).map(remark => ({ text: [prose(remark, 2_000)] })),
    ],
    omitted: Math.max(0, remarks.length - mostRemarks),
  });
}
