import type { StoredRun } from '../../model/judgement/baseline.ts';
import type { MetricHistory } from '../../model/judgement/history.ts';
import type { Verdict } from '../../model/judgement/verdict.ts';
import type { CalibrationSummary } from '../summary/calibration-summary.ts';
import type { CapacitySummary } from '../summary/capacity-summary.ts';
import type { DryRunSummary } from '../summary/dry-run-summary.ts';
import type { DuetSummary, DuetsSummary } from '../summary/duet-summary-schema.ts';
import type { OnceSummary } from '../summary/once-summary.ts';
import type { Summary } from '../summary/summary-schema.ts';
import type { Inline, InlineSpan, Sentence } from '../words/inline.ts';
import type { Chart } from './chart.ts';
import type { Placed } from './placed.ts';
import type { Plots } from './plot.ts';
import type { Table } from './table.ts';
import type { TimeBlock } from './time-block.ts';

/** What a report is about, and what programs get of it. */
interface Summaries {
  readonly run: Summary;
  readonly comparison: Summary;
  readonly duet: DuetSummary | DuetsSummary;
  readonly calibration: CalibrationSummary;
  readonly capacity: CapacitySummary;
  readonly history: MetricHistory;
  readonly dryRun: DryRunSummary;
  readonly once: OnceSummary;
  readonly baselines: readonly StoredRun[];
}

/** What a report is about. */
export type ReportSubject = keyof Summaries;

/** The first line of what is not judged. */
export interface Title {
  readonly verdict: null;
  readonly cut: null;
  readonly said: Inline;
}

/** What documents of all subjects have. */
interface Body {
  /** What a reader who reads one line should know. */
  readonly sentence: Sentence | Title;
  /** What the parts come to, in a row each, where there are several. */
  readonly overview?: Section;
  /** One for each scenario; a lone one has no heading, since the document's sentence says it all. */
  readonly parts: readonly Part[];
  /** The same as one flat table for spreadsheets, where the subject has one. */
  readonly records?: Records;
  /** The distributions of response times over the run, where the subject has any; made when they are asked for. */
  readonly blocks?: () => readonly TimeBlock[];
}

/**
 * A report as data, made once for each subject; renderers turn it into text. Text that is not our own stays in spans, so
 * that each renderer escapes it in its own way, once. `summary` is the same for programs.
 */
export type Document = {
  readonly [Of in ReportSubject]: Body & { readonly subject: Of; readonly summary: Summaries[Of] };
}[ReportSubject];

/** Everything about one scenario. */
export interface Part {
  readonly heading: { readonly name: InlineSpan; readonly sentence: Sentence | Title | null } | null;
  readonly sections: readonly Section[];
}

/** Blocks that belong together. */
export interface Section extends Placed {
  /** How it folds away in a medium that folds; null where it is always visible. */
  readonly fold: Fold | null;
  readonly blocks: readonly Block[];
}

/** What stands in place of a folded section. */
export interface Fold {
  /** Our own words. */
  readonly title: string;
  /** True of what the verdict rests on: it comes before other folds, and is left out last where there is no room. */
  readonly decides?: true;
  /** True of what is open from the start where there is room for it. */
  readonly opens?: true;
}

/** One block of a section. */
export type Block = Paragraph | List | Facts | Entries | Table | Chart | Plots | Code;

/** Running text. */
export interface Paragraph extends Placed {
  readonly kind: 'paragraph';
  readonly text: Inline;
}

/** Some texts one below the other. */
export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Item[];
  /** How many more there are. */
  readonly omitted?: number;
  /** `points` are for the reader to take in; `asides` explain what stands above; `lines` are data. */
  readonly style: 'points' | 'asides' | 'lines';
}

/** An entry of a list, and those below it. */
export interface Item extends Placed {
  readonly text: Inline;
  readonly items?: readonly Inline[];
}

/** Names with what each is. */
export interface Facts extends Placed {
  readonly kind: 'facts';
  readonly facts: readonly Fact[];
  /** `main` where they are what the reader asked for, `aside` where they only explain. */
  readonly style: 'main' | 'aside';
}

/** One of them. */
export interface Fact extends Placed {
  readonly name: string;
  readonly value: Inline;
}

/** Findings or failures, each in a line. */
export interface Entries extends Placed {
  readonly kind: 'entries';
  readonly entries: readonly Entry[];
  /** How many more there are. */
  readonly omitted: number;
  /** Where they all are: `in the table of budgets`; null where they are nowhere else. */
  readonly whole: string | null;
}

/** One of them: what it is, and why. */
export interface Entry {
  /** Null of what is not judged. */
  readonly verdict: Verdict | null;
  readonly line: Inline;
  /** `of` says what the reason is of, for those who read it apart from the line. */
  readonly reason: { readonly of: Inline; readonly text: InlineSpan } | null;
}

/** Text to be copied as it is: the command that repeats a run, or a request. */
export interface Code extends Placed {
  readonly kind: 'code';
  readonly is: 'command' | 'request';
  readonly text: string;
}

/** Rows for a spreadsheet. */
export interface Records {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** The first line of what is not judged. */
export function title(said: Inline): Title {
  return { verdict: null, cut: null, said };
}

/** A section that is always visible. */
export function section(...blocks: readonly Block[]): Section {
  return { fold: null, blocks };
}

/** A section that folds away under a title. */
export function folded(fold: string | Fold, ...blocks: readonly Block[]): Section {
  return { fold: typeof fold === 'string' ? { title: fold } : fold, blocks };
}

/** A paragraph. */
export function paragraph(text: Inline): Paragraph {
  return { kind: 'paragraph', text };
}
