import { extname, resolve } from 'node:path';
import { problem } from '../model/error.ts';
import { readJson } from './json-document.ts';
import type { Document } from './place.ts';
import { readText, shownName } from './text-file.ts';
import { readYaml } from './yaml-document.ts';

const code = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

/** Reads a YAML or JSON file, told apart by the extension; `file` is relative to `cwd` or absolute. */
export async function readDocument(file: string, cwd: string): Promise<Document> {
  const path = resolve(cwd, file);
  const shown = shownName(path, cwd);
  const extension = extname(path).toLowerCase();
  if (extension === '.yaml' || extension === '.yml') return readYaml(await readText(path, shown), shown);
  if (extension === '.json') return readJson(await readText(path, shown), shown);
  await readText(path, shown);
  throw problem('file.format', {
    where: shown,
    found:
      extension === ''
        ? 'a name without an extension'
        : `${extension}${code.has(extension) ? ', which is code' : ''}`,
    expected: 'a .yaml, .yml or .json file; this version reads YAML and JSON',
  });
}
