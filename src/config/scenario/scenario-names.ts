import { open, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { defaultName } from './scenario-file.ts';

/** A name stands near the beginning of a file. */
const mostBytes = 65_536;

/**
 * The names of the scenarios in the folder of a scenario file, as far as their beginnings show them: they are not parsed to run
 * another scenario. A file that shows no name counts under its own. Null where the file is not there. `file` is relative to
 * `cwd`, or absolute.
 */
export async function scenarioNamesBeside(file: string, cwd: string): Promise<readonly string[] | null> {
  const path = resolve(cwd, file);
  const folder = dirname(path);
  const files = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter(
      entry => (entry.isFile() || entry.isSymbolicLink()) && /\.(?:ya?ml|json|m?[tj]s)$/i.test(entry.name),
    )
    .map(entry => join(folder, entry.name));
  return files.includes(path) ? (await Promise.all(files.map(namesIn))).flat() : null;
}

async function namesIn(file: string): Promise<readonly string[]> {
  const text = (await beginningOf(file)).replace(/^\uFEFF/, '');
  // In braces the names of journeys look the same; one too many only keeps a misspelt name from being told.
  const places = /\.m?[tj]s$/.test(file)
    ? /\bname:\s*(['"][^'"\n]*['"])/g
    : /^\s*\{/.test(text)
      ? /"?\bname"?\s*:([^,}\n]*)/g
      : /^"?name"?[ \t]*:(.*)$/gm;
  const names = [...text.matchAll(places)].map(([, written = '']) => unquoted(written.trim()));
  const found = names.filter(name => name !== '');
  return found.length > 0 ? found : [defaultName(file)];
}

async function beginningOf(file: string): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

/** The text of a scalar on one line, without its quotes or the comment behind it. */
function unquoted(written: string): string {
  const [, double, single] = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(written) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'").trim();
  if (double === undefined) return written.replace(/(?:^|\s)#.*$/, '').trim();
  try {
    return String(JSON.parse(`"${double}"`)).trim();
  } catch {
    return double.trim();
  }
}
