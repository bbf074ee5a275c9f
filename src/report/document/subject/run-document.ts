import type { GateReport } from '../../../model/gate.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import type { Judgement } from '../../../model/judgement/verdict.ts';
import type { Measurement } from '../../../model/run/record.ts';
import { counted, number } from '../../../words/quantity-text.ts';
import { timeBlocks } from '../../export/time-blocks.ts';
import { summaryOf } from '../../summary/summary.ts';
import { name, prose } from '../../words/inline.ts';
import { isLeading, runNote } from '../../words/reasons/run-note.ts';
import { comparisonRemarks } from '../../words/regression-wording.ts';
import { attemptLines } from '../../words/verdict/attempt-text.ts';
import { runSentence } from '../../words/verdict/run-sentence.ts';
import { verdictSentence, worstRunsFirst } from '../../words/verdict/scenarios-sentence.ts';
import { remarksOn } from '../../words/wording.ts';
import {
  type Block,
  type Document,
  folded,
  type Item,
  paragraph,
  type Section,
  section,
} from '../document.ts';
import { type RunPlots, runPlots } from '../drawing/run-plots.ts';
import { only } from '../placed.ts';
import { comparedSection, notedComparisons } from './comparison-blocks.ts';
import {
  budgetSection,
  notedFindings,
  repeatsSection,
  undoneBlock,
  unsaidReasons,
} from './finding-blocks.ts';
import { gateBlocks, ownGate, sharedGate } from './gate-blocks.ts';
import { healthSection, provenanceSection } from './provenance.ts';
import { endpointSection, stageSection, streamSection, unbudgetedText, wholeSection } from './run-figures.ts';
import {
  checkSection,
  descriptionSection,
  failureSection,
  slowestSection,
  statusSection,
} from './run-requests.ts';
import { secondsSection } from './run-seconds.ts';
import { scenarioTable } from './scenario-table.ts';

/** The most remarks that are listed. */
const mostRemarks = 20;
/** The most notes above the figures. */
const mostLeading = 5;

/** The report of judged runs, the worst first; several begin with a table of them. */
export function runDocument(runs: readonly JudgedRun[], subject: 'run' | 'comparison' = 'run'): Document {
  const ordered = worstRunsFirst(runs);
  const shared = runs.length > 1 ? sharedGate(runs) : null;
  return {
    subject,
    sentence: verdictSentence(ordered),
    ...(runs.length > 1 ? { overview: section(scenarioTable(ordered), ...gateBlocks(shared)) } : {}),
    parts: ordered.map(run => ({
      heading:
        runs.length === 1 ? null : { name: name(run.record.header.scenario, 60), sentence: runSentence(run) },
      sections: sectionsOf(run, shared),
    })),
    summary: summaryOf(runs),
    blocks: () => timeBlocks(runs),
  };
}

/** What is not a pass, then the figures, then what they rest on. */
function sectionsOf(run: JudgedRun, sharedChanges: GateReport | null): readonly Section[] {
  const { record, judgement } = run;
  const plots = runPlots(run);
  return [
    section(
      ...attemptBlocks(run),
      ...gateBlocks(ownGate(run, sharedChanges)),
      ...leadingNotes(judgement),
      ...unsaidReasons(run),
      ...lastWords(record.measurement),
      undoneBlock(judgement),
      ...notedFindings(run),
      ...notedComparisons(judgement),
    ),
    ...repeatsSection(run),
    section(...plots.visible),
    endpointSection(run),
    ...streamSection(record),
    ...wholeSection(record),
    ...statusSection(record.measurement),
    ...descriptionSection(record.measurement),
    budgetSection(judgement),
    ...comparedSection(judgement),
    ...(record.measurement.origin ? [] : [stageSection(record)]),
    ...endpointPlotSection(plots),
    ...secondsSection(run),
    ...failureSection(record.measurement),
    ...checkSection(record.measurement),
    ...slowestSection(record.measurement),
    ...(record.measurement.origin ? [] : [healthSection(run)]),
    remarkSection(run),
    provenanceSection(run),
  ];
}

/** The drawings of the endpoints that pass. */
function endpointPlotSection({ others, without }: RunPlots): readonly Section[] {
  if (others.length === 0) return [];
  const rest =
    without > 0
      ? [
          paragraph([
            `${counted(without, 'more endpoint')} without drawings; their figures are in the table.`,
          ]),
        ]
      : [];
  return [only('drawing', folded(`Charts of ${counted(others.length, 'endpoint')}`, ...others, ...rest))];
}

/** Which attempt this is, above all: what is read may be the luckier one. */
function attemptBlocks(run: JudgedRun): readonly Block[] {
  const items = attemptLines(run).map((text): Item => ({ text }));
  return items.length === 0 ? [] : [{ kind: 'list', style: 'points', items }];
}

/** What makes other figures of the figures below, above all of them. */
function leadingNotes({ notes }: Judgement): readonly Block[] {
  const leading = notes.filter(isLeading);
  const items = leading.slice(0, mostLeading).map((note): Item => ({ text: [prose(runNote(note), 800)] }));
  if (items.length === 0) return [];
  return [{ kind: 'list', style: 'points', items, omitted: leading.length - items.length }];
}

/** What an API wrote last that ended during the run. */
function lastWords({ serverEnd }: Measurement): readonly Block[] {
  if (serverEnd === undefined) return [];
  const { lastLines } = serverEnd;
  if (lastLines.length === 0) return [paragraph(['The API wrote nothing before it ended.'])];
  const items = lastLines.map((text): Item => ({ text: [name(text)] }));
  return [paragraph(['The API wrote last:']), { kind: 'list', style: 'lines', items }];
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
