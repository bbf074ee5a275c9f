import { dirname, posix, resolve } from 'node:path';
import { PlimsollError, problem } from '../model/error.ts';
import type { DataSet, JsonSchema } from '../model/scenario.ts';
import { readDataSet } from './data-file.ts';
import { readExpectedSchema } from './expected-schema.ts';
import type { Gathering } from './gathering.ts';
import { type Document, type Path, placeOf } from './place.ts';
import type { ScenarioFile } from './scenario-schema.ts';

/** A scenario, as far as the files matter that it names; their paths are relative to its own folder. */
export interface NamingFiles {
  readonly scenario: ScenarioFile;
  readonly document: Document;
  readonly cwd: string;
  readonly gathering: Gathering;
}

/** The data sets of a scenario, in its order; those that cannot be read are left out and gathered as mistakes. */
export async function readDataSets(naming: NamingFiles): Promise<readonly DataSet[]> {
  const sets: DataSet[] = [];
  for (const [name, { file, pick }] of Object.entries(naming.scenario.data)) {
    const set = await follow(file, ['data', name, 'file'], naming, path =>
      readDataSet(name, pick, path, naming.cwd),
    );
    if (set !== undefined) sets.push(set);
  }
  return sets;
}

/** The JSON Schemas that steps expect of answers, each file read once, by the path that the steps give. */
export async function readExpectedSchemas(naming: NamingFiles): Promise<ReadonlyMap<string, JsonSchema>> {
  const { scenario, cwd } = naming;
  const lists = scenario.journeys?.map(({ steps }, index) => ({
    steps,
    place: ['journeys', index, 'steps'] as Path,
  })) ?? [{ steps: scenario.steps ?? [], place: ['steps'] as Path }];
  const schemas = new Map<string, JsonSchema>();
  for (const { steps, place } of lists) {
    for (const [index, step] of steps.entries()) {
      const file = 'expect' in step ? step.expect?.schema : undefined;
      if (file === undefined || schemas.has(file)) continue;
      const at = [...place, index, 'expect', 'schema'];
      const schema = await follow(file, at, naming, path => readExpectedSchema(path, cwd));
      if (schema !== undefined) schemas.set(file, schema);
    }
  }
  return schemas;
}

/** Reads a file that a scenario names; one that is not there, or no such file, is a mistake of the place that names it. */
function follow<T>(
  file: string,
  at: Path,
  { document, cwd, gathering }: NamingFiles,
  read: (path: string) => Promise<T>,
): Promise<T | undefined> {
  const place = placeOf(document, at);
  return gathering.attemptAsync(place, async () => {
    try {
      return await read(resolve(cwd, dirname(document.file), file));
    } catch (cause) {
      const [first] = cause instanceof PlimsollError ? cause.problems : [];
      if (first === undefined || !['file.missing', 'file.unreadable', 'file.format'].includes(first.code))
        throw cause;
      const { code, where = file, found, expected, instead } = first;
      throw problem(
        code,
        {
          where: place,
          found: found === undefined ? where : `${where}, ${found}`,
          ...(expected === undefined ? {} : { expected }),
          ...(instead === undefined
            ? {}
            : { instead: posix.join(posix.dirname(file), posix.basename(instead)) }),
        },
        { cause },
      );
    }
  });
}
