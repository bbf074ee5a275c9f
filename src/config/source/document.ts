import { extname, resolve } from 'node:path';
import { problem } from '../../model/error.ts';
import type { SourceDocument } from './place.ts';
import { readText, shownName, textOf } from './text-file.ts';

const code = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);

/** What a scenario may be written in as code. */
const modules = new Set(['.ts', '.mts', '.js', '.mjs']);

/** Whether a file is code, which is imported. */
export function isModule(file: string): boolean {
  return modules.has(extname(file).toLowerCase());
}

/** Reads a scenario: YAML, JSON, or what a module exports, told apart by the extension. */
export async function readScenarioDocument(file: string, cwd: string): Promise<SourceDocument> {
  const path = resolve(cwd, file);
  if (!isModule(path)) return await readDocument(file, cwd, 'a .yaml, .json, .ts, .mts, .js or .mjs file');
  const shown = shownName(path, cwd);
  await readText(path, shown);
  const { readModuleDocument } = await import('./module-document.ts');
  return await readModuleDocument(path, shown, cwd);
}

/** Reads YAML or JSON, told apart by the first character, that comes from no file; `shown` is its name in errors. */
export async function documentFrom(bytes: Uint8Array, shown: string): Promise<SourceDocument> {
  const text = textOf(bytes, shown);
  if (/^\s*\{\s*["}]/.test(text)) {
    const { readJson } = await import('./json-document.ts');
    return readJson(text, shown);
  }
  const { readYaml } = await import('./yaml-document.ts');
  return readYaml(text, shown);
}

/**
 * Reads a YAML or JSON file, told apart by the extension; `file` is relative to `cwd` or absolute. A parser is loaded
 * when the first file of its kind is read: together they are a sixth of what a command takes to start.
 */
export async function readDocument(
  file: string,
  cwd: string,
  expected = 'a .yaml, .yml or .json file',
): Promise<SourceDocument> {
  const path = resolve(cwd, file);
  const shown = shownName(path, cwd);
  return await documentIn(await readText(path, shown), path, shown, expected);
}

/** Reads YAML or JSON that is not in the work tree, told apart by the extension of `file`; `shown` is its name in errors. */
export async function documentAt(bytes: Uint8Array, file: string, shown: string): Promise<SourceDocument> {
  return await documentIn(textOf(bytes, shown), file, shown);
}

async function documentIn(
  text: string,
  file: string,
  shown: string,
  expected = 'a .yaml, .yml or .json file',
): Promise<SourceDocument> {
  const extension = extname(file).toLowerCase();
  if (extension === '.yaml' || extension === '.yml') {
    const { readYaml } = await import('./yaml-document.ts');
    return readYaml(text, shown);
  }
  if (extension === '.json') {
    const { readJson } = await import('./json-document.ts');
    return readJson(text, shown);
  }
  throw problem('file.unknown-format', {
    where: shown,
    found:
      extension === ''
        ? 'a name without an extension'
        : `${extension}${code.has(extension) ? ', which is code' : ''}`,
    expected,
  });
}
