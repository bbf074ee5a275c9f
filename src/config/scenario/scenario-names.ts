import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readDocument } from '../source/document.ts';
import { valueAt } from '../source/place.ts';
import { defaultName } from './scenario-file.ts';

/**
 * The names of the scenarios in the folder of a scenario file, as far as they can be read: a file that is no scenario
 * counts under its own name. Null where the file is not there. `file` is relative to `cwd`, or absolute.
 */
export async function scenarioNamesBeside(file: string, cwd: string): Promise<readonly string[] | null> {
  const path = resolve(cwd, file);
  const folder = dirname(path);
  const files = (await readdir(folder).catch(() => []))
    .filter(name => /\.(?:ya?ml|json)$/i.test(name))
    .map(name => join(folder, name));
  return files.includes(path) ? await Promise.all(files.map(nameIn)) : null;
}

async function nameIn(file: string): Promise<string> {
  const written = await readDocument(file, dirname(file)).then(
    ({ value }) => valueAt(value, ['name']),
    () => undefined,
  );
  return typeof written === 'string' && written.trim() !== '' ? written.trim() : defaultName(file);
}
