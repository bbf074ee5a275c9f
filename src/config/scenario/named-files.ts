import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlimsollError } from '../../model/error.ts';
import { isModule, readScenarioDocument } from '../source/document.ts';
import type { SourceDocument } from '../source/place.ts';

/** The files that a scenario names, as it names them. */
export function filesNamedIn({ value }: SourceDocument): readonly string[] {
  const found: unknown[] = [];
  const look = (inner: unknown, key: string): void => {
    if (typeof inner === 'string' && (key === 'file' || key === 'schema')) found.push(inner);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [name, item] of Object.entries(inner)) look(item, name);
  };
  if (isSection(value))
    for (const part of ['data', 'setup', 'teardown', 'steps', 'journeys']) look(value[part], part);
  return [...new Set(found.filter((file): file is string => typeof file === 'string'))];
}

/** A scenario file and the files that it names, as absolute paths; the scenario alone where it cannot be read. */
export async function filesOfScenario(file: string, cwd: string): Promise<readonly string[]> {
  const path = resolve(cwd, file);
  try {
    const document = await readScenarioDocument(file, cwd);
    const named = filesNamedIn(document).map(name => resolve(dirname(path), name));
    const imported = document.module?.files.map(({ url }) => fileURLToPath(url)) ?? [];
    return [...new Set([path, ...imported, ...named])];
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    if (!isModule(path)) return [path];
    // What is mended may be a file that it imports.
    const { filesOfModule } = await import('../source/module-document.ts');
    return [...new Set([path, ...(await filesOfModule(path))])];
  }
}

const isSection = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
