import { parseMetric } from '../../../analysis/metrics/table.ts';
import { subjectDifferences } from '../../../analysis/subject.ts';
import type { BaselineSelection, StoredRun } from '../../../model/judgement/baseline.ts';
import type { MetricUnit } from '../../../model/judgement/metric.ts';
import type { NewerParts } from '../../../model/newer-parts.ts';
import type { RecordHeader } from '../../../model/run/record.ts';
import { newerText } from '../../../words/newer-text.ts';
import { counted, none, observation } from '../../../words/quantity-text.ts';
import { acceptanceText } from '../../words/acceptance-text.ts';
import { baselineSentence, shortCommit } from '../../words/baseline-sentence.ts';
import { type Inline, line, name, prose } from '../../words/inline.ts';
import {
  type Document,
  type Fact,
  type Facts,
  type Part,
  paragraph,
  type Section,
  section,
  title,
} from '../document.ts';
import { markCell } from '../mark-cell.ts';
import { figure, left, right, type Table, type TableCell, table, textCell } from '../table.ts';

/** Stored runs as a table, under a sentence that says which they are. */
export function baselinesDocument(sentence: string, runs: readonly StoredRun[]): Document {
  return documentOf([prose(sentence)], [section(runTable(runs))], runs);
}

/** One stored run with its figures, and what of its record is not known here. */
export function baselineDocument(run: StoredRun, newer?: NewerParts): Document {
  return documentOf(line`run ${name(run.entry.header.id)}`, detailsOf(run, newer), [run]);
}

/** A run, and which baseline it is held against. */
export interface Choice {
  readonly header: RecordHeader;
  readonly selection: BaselineSelection;
  /** What of the baseline's record is not known here. */
  readonly newer?: NewerParts | undefined;
}

/** Which baseline each of some runs is held against, and why. */
export function choicesDocument(choices: readonly Choice[]): Document {
  const subjects = subjectColumns(choices.map(({ header }) => header));
  const parts = choices.map(({ header, selection, newer }): Part => {
    const { choice, alike } = selection;
    const label = [header.scenario, ...subjects.map(({ read }) => read(header))].join(' ');
    const set = paragraph([`${alike.length} runs are alike and can be used as a set.`]);
    const said = line`${name(label)}: ${prose(baselineSentence(selection), 2_000)}`;
    return {
      heading: { name: name(label, 160), sentence: title(said) },
      sections: [
        section(...(alike.length > 1 ? [set] : [])),
        ...(choice.kind === 'none' ? [] : detailsOf(choice.run, newer)),
      ],
    };
  });
  const [only] = parts;
  const isAlone = only && parts.length === 1;
  const all = title([`${counted(parts.length, 'scenario')}: what the latest runs are held against`]);
  return {
    subject: 'baselines',
    sentence: isAlone ? (only.heading?.sentence ?? all) : all,
    parts: isAlone ? [{ ...only, heading: null }] : parts,
    summary: choices.flatMap(({ selection: { choice } }) => (choice.kind === 'none' ? [] : [choice.run])),
  };
}

function documentOf(said: Inline, sections: readonly Section[], runs: readonly StoredRun[]): Document {
  return {
    subject: 'baselines',
    sentence: title(said),
    parts: [{ heading: null, sections }],
    summary: runs,
  };
}

function observed(figures: StoredRun['entry']['total'], metric: string, unit: MetricUnit): TableCell {
  const value = figures.metrics[metric] ?? null;
  const shown = value === null ? null : { value, atLeast: figures.atLeast.includes(metric) };
  return figure(observation(shown, unit), value, unit);
}

function requests({ requests }: StoredRun['entry']['total']): TableCell {
  return figure(requests.toLocaleString('en-US'), requests, 'count');
}

function runTable(runs: readonly StoredRun[]): Table {
  const isJudged = runs.some(({ entry: { baseline } }) => baseline?.verdict ?? baseline?.accepted);
  const subjects = subjectColumns(runs.map(({ entry }) => entry.header));
  const rows = runs.map(({ entry: { header, total, completion, baseline = {} } }) => {
    const { git } = header.fingerprint;
    const remark = [...(git?.dirty ? ['+changes'] : []), ...(completion === 'complete' ? [] : [completion])];
    return {
      cells: [
        textCell(name(header.scenario, 60)),
        ...subjects.map(({ read }) => textCell(name(read(header), 60))),
        textCell(name(header.id.slice(0, 8))),
        textCell(header.startedAt.slice(0, 16).replace('T', ' ')),
        textCell(git ? name(shortCommit(git.commit)) : none, ...remark.map(word => ` ${word}`)),
        textCell(git?.branch ? name(git.branch, 30) : none),
        requests(total),
        observed(total, 'p95', 'ms'),
        observed(total, 'errorRate', 'ratio'),
        ...(isJudged ? [markCell(baseline)] : []),
      ],
    };
  });
  const columns = [
    left('scenario'),
    ...subjects.map(({ column }) => left(column)),
    left('id'),
    left('measured (UTC)', { goes: 4 }),
    left('commit'),
    left('branch', { goes: 1 }),
    right('requests', { goes: 2 }),
    right('p95'),
    right('errors', { goes: 3 }),
    ...(isJudged ? [left('verdict')] : []),
  ];
  return table(columns, rows);
}

/** What tells runs of different subjects apart where their scenarios have one name. */
const subjectParts = [
  { column: 'file', read: ({ subject, file }: RecordHeader) => subject?.path ?? file ?? none },
  { column: 'target', read: ({ target }: RecordHeader) => target },
] as const;

function subjectColumns(headers: readonly RecordHeader[]): readonly (typeof subjectParts)[number][] {
  const different = pairsOfDifferent(headers);
  return subjectParts.filter(({ read }) => different.some(([one, other]) => read(one) !== read(other)));
}

/** The most subjects of one scenario that are held against each other: a store may hold a target per run. */
const mostSubjects = 50;

/** Headers of one scenario whose subjects differ, in pairs; of many that have the same subject, one. */
function pairsOfDifferent(
  headers: readonly RecordHeader[],
): readonly (readonly [RecordHeader, RecordHeader])[] {
  const scenarios = new Map<string, Map<string, RecordHeader>>();
  for (const header of headers) {
    const { scenario, file, target, subject } = header;
    const subjects = scenarios.get(scenario) ?? new Map<string, RecordHeader>();
    scenarios.set(scenario, subjects);
    if (subjects.size < mostSubjects) subjects.set(JSON.stringify([file, target, subject]), header);
  }
  return [...scenarios.values()].flatMap(subjects => {
    const all = [...subjects.values()];
    return all.flatMap((one, index) =>
      all
        .slice(index + 1)
        .filter(other => subjectDifferences(other, one).length > 0)
        .map(other => [one, other] as const),
    );
  });
}

/** The metrics of a stored run that are shown. */
const shownMetrics = ['p50', 'p95', 'p99', 'errorRate', 'rps'].flatMap(metric => parseMetric(metric) ?? []);

function detailsOf({ where, entry }: StoredRun, newer: NewerParts | undefined): readonly Section[] {
  const rows = [...entry.endpoints, { name: null, ...entry.total }].map(figures => ({
    cells: [
      textCell(figures.name === null ? 'all endpoints' : name(figures.name, 80)),
      requests(figures),
      ...shownMetrics.map(metric => observed(figures, metric.name, metric.unit)),
    ],
  }));
  const columns = [left('endpoint'), right('requests'), ...shownMetrics.map(metric => right(metric.name))];
  return [section(factsOf({ where, entry }, newer)), section(table(columns, rows))];
}

function factsOf(
  { where, entry: { header, completion, baseline = {} } }: StoredRun,
  newer: NewerParts | undefined,
): Facts {
  const { cpu, cores, memoryMb, os, node, ci, git } = header.fingerprint;
  const { verdict, accepted } = baseline;
  const fact = (what: string, value: Inline): Fact => ({ name: what, value });
  const untrusted = (text: string) => name(text, 400);
  const took = counted(Math.round(header.durationMs / 1_000), 'second');
  const dirty = git?.dirty ? ', with uncommitted changes' : '';
  return {
    kind: 'facts',
    style: 'main',
    facts: [
      fact('stored', [untrusted(where)]),
      fact('scenario', line`${untrusted(header.scenario)}, workload ${name(header.digest.slice(0, 12))}`),
      fact('measured', [`${header.startedAt}, ${took}, ${completion}`]),
      fact(
        'code',
        git
          ? line`${name(git.commit)} on ${git.branch === null ? 'no branch' : untrusted(git.branch)}${dirty}`
          : ['no repository'],
      ),
      fact(
        'machine',
        line`${untrusted(cpu)}, ${counted(cores, 'core')}, ${memoryMb} MB, ${untrusted(os)}, Node ${untrusted(node)}${ci ? line`, ${untrusted(ci)}` : []}`,
      ),
      fact('target', [untrusted(header.target)]),
      fact('command', [name(header.command, 2_000)]),
      ...(verdict === undefined ? [] : [fact('verdict', [`${verdict}, when it was saved`])]),
      ...(accepted === undefined
        ? []
        : [fact('accepted', line`${accepted.at}, ${prose(acceptanceText(accepted), 1_000)}`)]),
      ...(newer ? [fact('record', [prose(newerText(newer))])] : []),
    ],
  };
}
