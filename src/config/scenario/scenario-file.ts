import { basename, extname } from 'node:path';
import type * as z from 'zod';
import { UserFunction } from '../../model/code/user-module.ts';
import type { Problem } from '../../model/error.ts';
import { inWords } from '../../words/value-text.ts';
import { isWithin, problemsFromZod } from '../schema/problem-from-zod.ts';
import { type ScenarioFile, scenarioSchema } from '../schema/scenario-schema.ts';
import type { Diagnostics } from '../source/diagnostics.ts';
import { type Environment, type Expanded, type Expansion, expandEnvironment } from '../source/environment.ts';
import { isFromCode, type Path, placeOf, type SourceDocument, valueAt } from '../source/place.ts';
import { isDiscreet } from '../source/secret-places.ts';

/** A scenario file, its shape checked and its variables filled in. */
export interface ReadScenario {
  /** Undefined where anything is wrong with its shape. */
  readonly scenario: ScenarioFile | undefined;
  /** The sections whose own shape is right: the files and names in them can be checked though another one is wrong. */
  readonly sections: Partial<ScenarioFile>;
  /** What the file says, before its units are read. */
  readonly value: unknown;
  readonly expansions: readonly Expansion[];
}

/** Checks a document against the schema of scenarios and gathers its mistakes; undefined where it is no map at all. */
export function readScenario(
  document: SourceDocument,
  env: Environment,
  diagnostics: Diagnostics,
): ReadScenario | undefined {
  if (isNothing(document.value)) {
    diagnostics.add({
      code: 'file.empty',
      where: document.file,
      expected: minimum,
    });
    return undefined;
  }
  const { value, expansions, problems: unfilled } = expandEnvironment(document, env);
  const problems = [...unfilled, ...halvesIn(value, document), ...misplacedIn(value, document)];
  diagnostics.add(...problems.map(({ problem }) => problem));
  const result = scenarioSchema.safeParse(value);
  if (result.success) return { scenario: result.data, sections: result.data, value, expansions };
  const found = problemsFromZod(result.error, document, value).filter(
    ({ path }) => !problems.some(({ at }) => isWithin(path, at)),
  );
  diagnostics.add(...found.map(problem => withVariables(problem, value, expansions)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return { scenario: undefined, sections: sectionsOf(value as Sections), value, expansions };
}

/** The texts with half of a surrogate pair, which is no character. Within `json` it is sent as it is written. */
function halvesIn(value: unknown, document: SourceDocument, path: Path = []): Expanded['problems'] {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return [];
    // The text itself may hold a secret.
    const problem = { found: 'half of a surrogate pair, which is no character', expected: 'text in Unicode' };
    return [{ at: path, problem: { code: 'value.invalid', where: placeOf(document, path), ...problem } }];
  }
  if (typeof value !== 'object' || value === null || path.at(-1) === 'json') return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    halvesIn(inner, document, [...path, isList ? Number(key) : key]),
  );
}

/** The functions and other values of code that stand where none can; whether a function may, its own field says. */
function misplacedIn(value: unknown, document: SourceDocument, path: Path = []): Expanded['problems'] {
  if (isFromCode(value)) {
    const isFunction = value instanceof UserFunction;
    if (isFunction && ['prepare', 'check'].includes(String(path.at(-1)))) return [];
    const expected = isFunction
      ? 'a value: functions are prepare and check of a step'
      : 'a value that JSON can hold';
    return [
      {
        at: path,
        problem: { code: 'value.invalid', where: placeOf(document, path), found: inWords(value), expected },
      },
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    misplacedIn(inner, document, [...path, isList ? Number(key) : key]),
  );
}

type Sections = { readonly [section: string]: unknown };

function sectionsOf(value: Sections): Partial<ScenarioFile> {
  const read = Object.entries(scenarioSchema.shape).flatMap(([name, schema]) => {
    const { success, data } = (schema as z.ZodType).safeParse(value[name]);
    return success ? [[name, data]] : [];
  });
  return Object.fromEntries(read);
}

/** The name of a scenario that gives itself none. */
export function defaultName(file: string): string {
  return basename(file, extname(file));
}

const minimum = 'a map with at least the keys target, load, and steps or journeys';

/** Says what a variable brought, or, where that is a secret, nothing that could tell it. */
function withVariables(
  { path, ...problem }: Problem & { readonly path: Path },
  value: unknown,
  expansions: readonly Expansion[],
): Problem {
  const expansion = expansions.find(({ path: expanded }) => isWithin(path, expanded));
  if (expansion === undefined) return problem;
  const { instead: _instead, ...discreet } = problem;
  if (isDiscreet(expansion)) return discreet;
  return {
    ...problem,
    found: `${inWords(expansion.source)}, which is ${inWords(valueAt(value, path))} here`,
  };
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}
