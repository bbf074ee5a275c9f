import type { Step } from '../../../model/run/scenario.ts';
import type { PlainStep, WrittenStep } from '../../schema/flow-schema.ts';
import type { Path } from '../../source/place.ts';

/** The names of captures that a step can use. */
export type Seen = ReadonlySet<string>;

/** A part of a workload: what counts when two runs are compared. */
export type Workload = { readonly [part: string]: unknown };

/** What a flow leaves to others. */
export interface FlowParts {
  /** Builds a request or a pause, and answers the names that it captures. */
  plain(
    step: PlainStep,
    at: Path,
    seen: Seen,
  ): { readonly step: Step; readonly workload: Workload; readonly captured: readonly string[] };
  /** The index of what is measured under a name as a whole; null where nothing is. */
  transaction(name: string, at: Path): number | null;
}

/** Steps one after another, and what of them counts when two runs are compared. */
export interface Flow {
  readonly steps: readonly Step[];
  readonly workload: readonly Workload[];
}

/** Random choices are told apart by their step. */
export const mostSteps = 4_000;

/** Lays steps of steps out one after another. */
export function flowOf(written: readonly WrittenStep[], place: Path, parts: FlowParts): Flow {
  const layout = new Layout(parts, stepsIn(written) <= mostSteps);
  const { workload } = layout.all(written, place, new Set());
  return { steps: layout.steps, workload };
}

/** How many steps there are one after another. */
export function stepsIn(written: readonly WrittenStep[]): number {
  return written.reduce((sum, step) => sum + sizeOf(step), 0);
}

/** The requests and pauses within steps. */
export function plainSteps(written: readonly WrittenStep[]): readonly PlainStep[] {
  return written.flatMap(step => (isPlain(step) ? [step] : plainSteps(step.steps)));
}

interface Laid {
  readonly workload: readonly Workload[];
  /** What steps behind them can use. */
  readonly seen: Seen;
}

class Layout {
  readonly steps: Step[] = [];
  readonly #parts: FlowParts;
  /** Of too many steps, each is laid out once, so that what is wrong with it is told. */
  readonly #repeats: boolean;

  constructor(parts: FlowParts, repeats: boolean) {
    this.#parts = parts;
    this.#repeats = repeats;
  }

  all(written: readonly WrittenStep[], place: Path, before: Seen): Laid {
    let seen = before;
    const workload = written.flatMap((step, index) => {
      const laid = this.#one(step, [...place, index], seen);
      seen = laid.seen;
      return laid.workload;
    });
    return { workload, seen };
  }

  #one(step: WrittenStep, at: Path, seen: Seen): Laid {
    if (isPlain(step)) return this.#plain(step, at, seen);
    if ('repeat' in step) {
      const from = this.steps.length;
      const laid = this.all(step.steps, [...at, 'steps'], seen);
      const round = this.steps.slice(from);
      for (let rounds = this.#repeats ? step.repeat : 1; rounds > 1; rounds -= 1) this.steps.push(...round);
      return { workload: [{ repeat: step.repeat, steps: laid.workload }], seen: laid.seen };
    }
    const transaction = this.#parts.transaction(step.group, [...at, 'group']);
    if (transaction !== null) this.steps.push({ kind: 'begin', transaction });
    const laid = this.all(step.steps, [...at, 'steps'], seen);
    if (transaction !== null) this.steps.push({ kind: 'end', transaction });
    return laid;
  }

  #plain(written: PlainStep, at: Path, seen: Seen): Laid {
    const { step, workload, captured } = this.#parts.plain(written, at, seen);
    this.steps.push(step);
    return { workload: [workload], seen: captured.length === 0 ? seen : new Set([...seen, ...captured]) };
  }
}

function sizeOf(step: WrittenStep): number {
  if (isPlain(step)) return 1;
  return 'repeat' in step ? step.repeat * stepsIn(step.steps) : stepsIn(step.steps) + 2;
}

function isPlain(step: WrittenStep): step is PlainStep {
  return !('repeat' in step || 'group' in step);
}
