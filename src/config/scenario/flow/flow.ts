import type { Condition, Step } from '../../../model/run/scenario.ts';
import type { WrittenCondition } from '../../grammar/condition.ts';
import type { PlainStep, WrittenIf, WrittenStep, WrittenWay } from '../../schema/flow-schema.ts';
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
  /** Reads a condition, whose templates see these captures. */
  condition(written: WrittenCondition, at: Path, seen: Seen): Condition;
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
  return written.flatMap((step): readonly PlainStep[] => {
    if (isPlain(step)) return [step];
    if ('parallel' in step) return step.parallel;
    if ('oneOf' in step) return plainSteps(step.oneOf.flatMap(stepsOfWay));
    return plainSteps('if' in step ? [...step.steps, ...(step.else ?? [])] : step.steps);
  });
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
      for (let rounds = this.#repeats ? step.repeat : 1; rounds > 1; rounds -= 1) {
        const by = this.steps.length - from;
        this.steps.push(...round.map(one => moved(one, by)));
      }
      return { workload: [{ repeat: step.repeat, steps: laid.workload }], seen: laid.seen };
    }
    if ('if' in step) return this.#if(step, at, seen);
    if ('oneOf' in step) return this.#oneOf(step.oneOf, [...at, 'oneOf'], seen);
    if ('parallel' in step) return this.#parallel(step.parallel, [...at, 'parallel'], seen);
    const transaction = this.#parts.transaction(step.group, [...at, 'group']);
    if (transaction !== null) this.steps.push({ kind: 'begin', transaction });
    const laid = this.all(step.steps, [...at, 'steps'], seen);
    if (transaction !== null) this.steps.push({ kind: 'end', transaction });
    return laid;
  }

  /** What both parts capture can be used behind them: which part is made, only the run knows. */
  #if({ if: condition, steps, else: others }: WrittenIf, at: Path, seen: Seen): Laid {
    const read = this.#parts.condition(condition, [...at, 'if'], seen);
    const from = this.steps.push({ kind: 'goto', to: 0, leaves: 'if' }) - 1;
    const held = this.all(steps, [...at, 'steps'], seen);
    const leave = others === undefined ? null : this.steps.push({ kind: 'goto', to: 0, leaves: 'if' }) - 1;
    this.steps[from] = { kind: 'unless', condition: read, to: this.steps.length };
    const other = others === undefined ? null : this.all(others, [...at, 'else'], seen);
    if (leave !== null) this.steps[leave] = { kind: 'goto', to: this.steps.length, leaves: 'if' };
    const { is, value, other: compared } = condition;
    const workload = { if: [is, value, compared], steps: held.workload };
    return {
      workload: [other === null ? workload : { ...workload, else: other.workload }],
      seen: new Set([...held.seen, ...(other?.seen ?? [])]),
    };
  }

  #oneOf(ways: readonly WrittenWay[], at: Path, seen: Seen): Laid {
    const from = this.steps.push({ kind: 'pick', branches: [] }) - 1;
    const leaves: number[] = [];
    const laid = ways.map((way, index) => {
      const to = this.steps.length;
      const isLine = 'method' in way;
      const steps = stepsOfWay(way);
      const place = [...at, index];
      const one = isLine ? this.#plain(way, place, seen) : this.all(steps, [...place, 'steps'], seen);
      if (index < ways.length - 1) leaves.push(this.steps.push({ kind: 'goto', to: 0, leaves: 'oneOf' }) - 1);
      return { weight: isLine ? 1 : way.weight, to, ...one };
    });
    const to = this.steps.length;
    this.steps[from] = {
      kind: 'pick',
      branches: laid.map(({ weight, to: start }) => ({ weight, to: start })),
    };
    for (const leave of leaves) this.steps[leave] = { kind: 'goto', to, leaves: 'oneOf' };
    return {
      workload: [{ oneOf: laid.map(({ weight, workload }) => ({ weight, steps: workload })) }],
      seen: new Set(laid.flatMap(one => [...one.seen])),
    };
  }

  #parallel(requests: readonly PlainStep[], at: Path, seen: Seen): Laid {
    this.steps.push({ kind: 'parallel', count: requests.length });
    const laid = requests.map((request, index) => this.#plain(request, [...at, index], seen));
    return {
      workload: [{ parallel: laid.map(({ workload }) => workload) }],
      seen: new Set([...seen, ...laid.flatMap(one => [...one.seen])]),
    };
  }

  #plain(written: PlainStep, at: Path, seen: Seen): Laid {
    const { step, workload, captured } = this.#parts.plain(written, at, seen);
    this.steps.push(step);
    return { workload: [workload], seen: captured.length === 0 ? seen : new Set([...seen, ...captured]) };
  }
}

function sizeOf(step: WrittenStep): number {
  if (isPlain(step)) return 1;
  if ('repeat' in step) return step.repeat * stepsIn(step.steps);
  if ('parallel' in step) return 1 + step.parallel.length;
  if ('oneOf' in step) return step.oneOf.reduce((sum, way) => sum + 1 + stepsIn(stepsOfWay(way)), 0);
  return stepsIn(step.steps) + 2 + ('if' in step ? stepsIn(step.else ?? []) : 0);
}

function stepsOfWay(way: WrittenWay): readonly WrittenStep[] {
  return 'method' in way ? [way] : way.steps;
}

/** A step in a later round, whose ways lead as much further on. */
function moved(step: Step, by: number): Step {
  if (step.kind === 'unless' || step.kind === 'goto') return { ...step, to: step.to + by };
  if (step.kind !== 'pick') return step;
  return { ...step, branches: step.branches.map(({ weight, to }) => ({ weight, to: to + by })) };
}

function isPlain(step: WrittenStep): step is PlainStep {
  return !('repeat' in step || 'group' in step || 'if' in step || 'oneOf' in step || 'parallel' in step);
}
