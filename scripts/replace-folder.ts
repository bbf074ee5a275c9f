import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));

/**
 * Gives a folder the files of another, which is gone afterwards. Whoever uses the folder meanwhile finds each file whole,
 * old or new: what has not changed is left alone, the rest is renamed into place, the `entries` last, and what has no
 * counterpart is removed at the end.
 */
export function replaceFolder(folder: string, by: string, entries: readonly string[]): void {
  const files = filesIn(by);
  for (const file of [...files].sort((a, b) => Number(entries.includes(a)) - Number(entries.includes(b)))) {
    const [from, to] = [join(by, file), join(folder, file)];
    if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  const kept = new Set(files);
  for (const file of filesIn(folder)) if (!kept.has(file)) rmSync(join(folder, file));
  removeEmpty(folder);
  rmSync(by, { recursive: true });
}

function removeEmpty(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
