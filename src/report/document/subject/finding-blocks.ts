import { isClustered } from '../../../model/judgement/evidence.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import type { Finding, Judgement } from '../../../model/judgement/verdict.ts';
import { none, number, percent, quantity, range } from '../../../words/quantity-text.ts';
import { line, prose } from '../../words/inline.ts';
import { findingReason, worthText } from '../../words/reasons/finding-reason.ts';
import { undoneText } from '../../words/reasons/run-note.ts';
import { countedVerdicts } from '../../words/regression-wording.ts';
import { repeatsText } from '../../words/verdict/attempt-text.ts';
import { reasonsUnsaid } from '../../words/verdict/run-sentence.ts';
import {
  findingsOfNote,
  limitText,
  metricText,
  observedText,
  qualifiersOf,
  scopeText,
} from '../../words/wording.ts';
import { type Block, type Entry, folded, paragraph, type Section, section } from '../document.ts';
import { only } from '../placed.ts';
import { figure, left, right, type Table, table, textCell } from '../table.ts';

/** The most findings that stand above everything else. */
export const mostNoted = 50;

/** Why a run is no measurement, as far as its sentence only counts the reasons. */
export function unsaidReasons(run: JudgedRun): readonly Block[] {
  const reasons = reasonsUnsaid(run);
  const entries = reasons
    .slice(0, mostNoted)
    .map((reason): Entry => ({ verdict: 'invalid', line: [prose(reason)], reason: null }));
  return [{ kind: 'entries', entries, omitted: Math.max(0, reasons.length - mostNoted), whole: null }];
}

/** What was asked for and not done; a warning's own sentence says it already. */
export function undoneBlock({ undone, verdict }: Judgement): Block {
  const entries = (verdict === 'warn' ? [] : undone).map(
    (each): Entry => ({ verdict: 'warn', line: [prose(undoneText(each))], reason: null }),
  );
  return { kind: 'entries', entries, omitted: 0, whole: null };
}

/** The budgets that are no pass, with their reasons. */
export function notedFindings(run: JudgedRun): readonly Block[] {
  const noted = findingsOfNote(run);
  const shown = noted.slice(0, mostNoted);
  return [
    only('page', findingTable(shown)),
    {
      kind: 'entries',
      entries: shown.map(entryOf),
      omitted: noted.length - shown.length,
      whole: 'in the table of budgets',
    },
  ];
}

/** All budgets. */
export function budgetSection({ findings }: Judgement): Section {
  return folded({ title: `Budgets: ${countedVerdicts(findings)}`, decides: true }, findingTable(findings));
}

/** What each budget came to in each run of a load that was played several times. */
export function repeatsSection({ repeats }: JudgedRun): readonly Section[] {
  if (repeats === undefined) return [];
  const { spreads } = repeats;
  const rows = spreads.map(({ scope, metric, limit, values }) => {
    const known = values.filter(value => value !== null).sort((a, b) => a - b);
    const cell = (value: number | undefined) =>
      value === undefined ? textCell(none) : figure(quantity(value, metric.unit), value, metric.unit);
    return {
      cells: [
        textCell(...scopeText(scope)),
        textCell(metric.name),
        cell(known[0]),
        cell(known.at(-1)),
        textCell(values.map(value => (value === null ? none : quantity(value, metric.unit))).join(', ')),
        limit === null ? textCell(none) : cell(limit),
      ],
    };
  });
  const columns = [
    left('endpoint'),
    left('metric'),
    right('least'),
    right('most'),
    left('in order'),
    right('limit'),
  ];
  return [
    section(paragraph([repeatsText(repeats)])),
    ...(rows.length === 0
      ? []
      : [folded({ title: 'Repeats: how far they are apart', decides: true }, table(columns, rows))]),
  ];
}

function entryOf(finding: Finding): Entry {
  const { status, scope, metric } = finding;
  return {
    verdict: status,
    line: line`${scopeText(scope, 60)} ${metric.name} ${observedText(finding)} (limit ${limitText(finding)})`,
    reason: { of: line`${scopeText(scope)} ${metricText(metric)}`, text: prose(findingReason(finding)) },
  };
}

/** Findings with the samples that each rests on. */
function findingTable(findings: readonly Finding[]): Table {
  const confidence = findings.find(({ interval }) => interval !== null)?.interval?.confidence;
  return table(
    [
      left('endpoint', { onScreen: 'budget' }),
      left('metric'),
      right('observed'),
      right('limit'),
      right(confidence === undefined ? 'interval' : `${percent(confidence)} interval`, { goes: 1 }),
      right('samples', { only: 'page' }),
      left('verdict'),
    ],
    findings.map(finding => {
      const { scope, metric, observed, limit, interval, status, evidence } = finding;
      const unit = metric.unit;
      return {
        cells: [
          textCell(...scopeText(scope)),
          textCell(metric.name),
          {
            ...figure(observedText(finding), observed?.value ?? null, unit),
            tone: status === 'fail' ? 'decides' : undefined,
          },
          figure(limitText(finding), limit, unit),
          { kind: 'interval', text: range(interval, unit), value: interval },
          figure(samplesText(finding), evidence.samples, 'count'),
          { kind: 'verdict', verdict: status, qualifiers: qualifiersOf(finding) },
        ],
      };
    }),
  );
}

/** How many samples, and how many independent ones they are worth where they come in clusters. */
function samplesText({ evidence, observed, reason }: Finding): string {
  if (evidence.samples === 0 && (observed !== null || reason.kind === 'notHeld')) return none;
  const samples = number(evidence.samples);
  return isClustered(evidence) ? `${samples}, ${worthText(evidence)}` : samples;
}
