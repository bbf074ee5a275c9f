import { PlimsollError } from '../../model/error.ts';
import { parseTarget } from '../grammar/target-url.ts';
import type { Difference } from '../source/differences.ts';
import { type Environment, expandEnvironment } from '../source/environment.ts';
import { type Path, type SourceDocument, valueAt } from '../source/place.ts';
import { defaultName } from './scenario-file.ts';

/**
 * What of a scenario belongs to the gate: by which name budgets and baselines know it, how hard it loads, when it gives up,
 * and what counts as an answer of a cache. The rest says what is sent where, which only the code under test can know.
 */
const ofGate = ['name', 'load', 'seed', 'engine', 'connections', 'abortOn', 'cache'];

/** Whether a place in a scenario belongs to the gate. */
export function isOfGate([section]: Path): boolean {
  return ofGate.includes(String(section));
}

/** What people call a scenario, as far as its file says so without variables. */
export function nameIn({ value, file }: SourceDocument): string {
  const name = valueAt(value, ['name']);
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : defaultName(file);
}

/** A scenario with what the base's own says of the gate in place of its own; to look at a cache at all is to ask for more. */
export function gated(document: SourceDocument, base: SourceDocument): SourceDocument {
  const { value } = document;
  if (!isSection(value) || !isSection(base.value)) return document;
  const isNew = (key: string) => key === 'cache' && !Object.hasOwn(base.value as object, key);
  const rest = Object.entries(value).filter(([key]) => !ofGate.includes(key) || isNew(key));
  const standing = Object.entries(base.value).filter(([key]) => ofGate.includes(key));
  const whole = { ...Object.fromEntries([...rest, ...standing]), name: nameIn(base) };
  return {
    ...document,
    value: whole,
    locate: path => (isOfGate(path) ? undefined : document.locate(path)),
    exactNumber: path => (isOfGate(path) ? base : document).exactNumber(path),
  };
}

/** Where the load of a scenario goes and what starts the API, as the file has it; null where nothing can be told of it. */
export function subjectIn(
  document: SourceDocument,
  env: Environment,
): { readonly target: string; readonly serve: string | null } | null {
  const { value, problems } = expandEnvironment(document, env);
  const [target, serve = null] = [valueAt(value, ['target']), valueAt(value, ['serve', 'start'])];
  const isOdd = typeof target !== 'string' || (serve !== null && typeof serve !== 'string');
  if (isOdd || problems.some(({ at }) => isOfSubject(at))) return null;
  try {
    return { target: parseTarget(target).url, serve };
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}

const isOfSubject = ([section]: Path) => section === 'target' || section === 'serve';

/** Whether any of these differences is one of the gate. */
export function touchGate(differences: readonly Difference[]): boolean {
  return differences.some(({ path }) => isOfGate(path));
}

const isSection = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
