import { fileURLToPath } from 'node:url';
import type { FunctionPlace, UserModule } from '../model/code/user-module.ts';
import type { Plan } from '../model/run/plan.ts';
import type { RequestStep } from '../model/run/scenario.ts';
import { importModule } from './import-module.ts';
import { thrownBy } from './thrown.ts';

/** A call of a function that takes longer holds everything back that the thread should do. */
const longestCallMs = 50;

/** A function of a scenario, by the step that it belongs to. */
export interface StepFunction {
  readonly kind: 'prepare' | 'check';
  readonly place: FunctionPlace;
  /** Index into the endpoints of the plan. */
  readonly endpoint: number;
}

/** A function that held a thread up, how often, and for how long at most. */
export interface BlockingFunction extends Pick<StepFunction, 'kind' | 'endpoint'> {
  readonly times: number;
  readonly longestMs: number;
}

/** What a function of the user threw, in words and with its place. */
export class UserCodeError extends Error {}

/** All functions of a plan, in an order that all threads share. */
export function functionsOf({
  journeys,
  framing,
}: Pick<Plan, 'journeys' | 'framing'>): readonly StepFunction[] {
  const all = [...journeys, framing?.setup, framing?.teardown].flatMap(journey => journey?.steps ?? []);
  const steps = [...new Set(all)].filter((step): step is RequestStep => step.kind === 'request');
  return steps.flatMap(({ endpoint, prepare, check }) => [
    ...(prepare === undefined ? [] : [{ kind: 'prepare', place: prepare, endpoint } as const]),
    ...(check === undefined ? [] : [{ kind: 'check', place: check, endpoint } as const]),
  ]);
}

/** The number of a function, from 1. */
function numberOf(functions: readonly StepFunction[], { kind, place }: StepFunction): number {
  return 1 + functions.findIndex(one => one.kind === kind && String(one.place) === String(place));
}

/** Memory in which a thread says which function runs, by its number, and how many were called. */
export function callMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

/** What this thread imported. */
interface Loaded {
  readonly exported: unknown;
  readonly files: ReadonlySet<string>;
  readonly folder: string;
  readonly functions: readonly StepFunction[];
  readonly calls: Int32Array;
}

let loaded: Loaded | null = null;
const blocking = new Map<
  string,
  { kind: StepFunction['kind']; endpoint: number; times: number; longestMs: number }
>();

/** Imports the module of a plan in this thread; `calls` is where other threads see which function runs. */
export async function loadFunctions(
  plan: Pick<Plan, 'journeys' | 'framing'>,
  { entry, files }: UserModule,
  calls: SharedArrayBuffer = callMemory(),
): Promise<void> {
  const { default: exported } = (await importModule(entry, files, () => {})) as {
    readonly default?: unknown;
  };
  loaded = {
    exported,
    files: new Set(files.map(({ url }) => url)),
    folder: new URL('.', entry).href,
    functions: functionsOf(plan),
    calls: new Int32Array(calls),
  };
}

/** Calls a function of the user; what it throws is a `UserCodeError` that says where. */
export function userCall(of: StepFunction): (...given: readonly unknown[]) => unknown {
  let called: ((...given: readonly unknown[]) => unknown) | undefined;
  let number = 0;
  return (...given) => {
    if (loaded === null) throw new Error('the module of the scenario was not imported in this thread');
    called ??= functionAt(loaded.exported, of.place);
    number ||= numberOf(loaded.functions, of);
    const { calls, files, folder } = loaded;
    const begun = performance.now();
    Atomics.store(calls, 0, number);
    Atomics.add(calls, 1, 1);
    try {
      const answered = called(...given);
      if (answered instanceof Promise) {
        answered.catch(() => {});
        throw new UserCodeError(`${of.kind} answered with a promise: it must answer at once`);
      }
      return answered;
    } catch (error) {
      if (error instanceof UserCodeError) throw error;
      const { what, at } = thrownBy(error, files);
      const where = at === null ? '' : ` (${shownIn(folder, at.url)}:${at.line}:${at.column})`;
      throw new UserCodeError(`${of.kind} threw ${what}${where}`, { cause: error });
    } finally {
      Atomics.store(calls, 0, 0);
      const tookMs = performance.now() - begun;
      if (tookMs > longestCallMs) noteBlocking(of, tookMs);
    }
  };
}

/** The functions that held this thread up. */
export function blockingFunctions(): readonly BlockingFunction[] {
  return [...blocking.values()];
}

function noteBlocking({ kind, endpoint }: StepFunction, tookMs: number): void {
  const key = `${kind} ${endpoint}`;
  const before = blocking.get(key) ?? { kind, endpoint, times: 0, longestMs: 0 };
  blocking.set(key, { ...before, times: before.times + 1, longestMs: Math.max(before.longestMs, tookMs) });
}

function functionAt(exported: unknown, place: FunctionPlace): (...given: readonly unknown[]) => unknown {
  let value = exported;
  let owner: unknown;
  for (const part of place) {
    owner = value;
    value = (value as { readonly [part: string | number]: unknown } | null | undefined)?.[part];
  }
  if (typeof value === 'function') return (...given) => Reflect.apply(value, owner, given) as unknown;
  throw new UserCodeError('the module exports another scenario here than it did when it was read');
}

/** The path of a file from the folder of the scenario. */
function shownIn(folder: string, url: string): string {
  return url.startsWith(folder) ? url.slice(folder.length) : fileURLToPath(url);
}
