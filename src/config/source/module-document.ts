import { fileURLToPath } from 'node:url';
import { type ModuleReading, readModule } from '../../code/read-module.ts';
import { ForeignValue, UserFunction } from '../../model/code/user-module.ts';
import { type PlimsollError, problem } from '../../model/error.ts';
import { boundedText } from '../../safety/untrusted-text.ts';
import { placeInFile, type SourceDocument } from './place.ts';
import { shownName } from './text-file.ts';

/** What the code says of itself is cut here. */
const longestFault = 500;

type Failure = Exclude<ModuleReading['result'], { readonly kind: 'scenario' }>;

/** Imports a module and answers the scenario that it exports; what is wrong with the module is a `PlimsollError`. */
export async function readModuleDocument(path: string, shown: string, cwd: string): Promise<SourceDocument> {
  const { files, result } = await readModule(path);
  if (result.kind !== 'scenario') throw refused(result, shown, cwd);
  const { value, functions, foreign } = result.exported;
  const entry = files[0]?.url ?? '';
  const whole = [
    ...functions.map(({ place, name, isAsync }) => ({
      place,
      value: new UserFunction(name, place, isAsync),
    })),
    ...foreign.map(({ place, what }) => ({ place, value: new ForeignValue(what) })),
  ];
  for (const { place, value: stands } of whole) put(value, place, stands);
  return {
    file: shown,
    value: withoutNothing(value),
    locate: () => undefined,
    exactNumber: () => undefined,
    module: { entry, files },
  };
}

/** The files that a module imports by relative paths, and its own, as far as they could be read. */
export async function filesOfModule(path: string): Promise<readonly string[]> {
  const { files } = await readModule(path);
  return files.map(({ url }) => fileURLToPath(url));
}

/** Puts a value at a place of a value that was copied, and so belongs to nobody else. */
function put(root: unknown, place: UserFunction['place'], stands: unknown): void {
  let value = root as { [part: string | number]: unknown };
  for (const part of place.slice(0, -1)) value = value[part] as typeof value;
  const last = place.at(-1);
  if (last !== undefined) value[last] = stands;
}

/** What is `undefined` is left out, as where nothing was written. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof UserFunction || value instanceof ForeignValue) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutNothing(item)]])),
  );
}

function refused(result: Failure, shown: string, cwd: string): PlimsollError {
  const placeOf = (at: { readonly url: string; readonly line: number; readonly column: number } | null) =>
    at === null ? shown : placeInFile(shownName(fileURLToPath(at.url), cwd), at);
  const said = (text: string) => boundedText(text.replaceAll(`${cwd}/`, ''), longestFault);
  switch (result.kind) {
    case 'syntax':
      return problem('file.syntax', {
        where: placeOf(result.at),
        found: said(result.fault),
        ...remedy(result.fault),
      });
    case 'notFound':
      return problem('module.import-failed', {
        where: placeOf(result.at),
        found: said(result.fault),
        ...remedyOfImport(result.fault),
      });
    case 'threw':
      return problem('module.threw', { where: placeOf(result.at), found: said(result.what) });
    case 'ended':
      return problem('module.threw', {
        where: shown,
        found: said(result.how),
        expected: 'a module whose import ends',
      });
    case 'noDefault':
      return problem('module.no-scenario', {
        where: shown,
        found:
          result.names.length === 0
            ? 'no export at all'
            : `no default export, but ${boundedText(result.names.join(', '), 80)}`,
        expected:
          'a default export, or, of a file that scenarios import, a name that begins with _ or a folder of its own',
      });
    case 'noScenario':
      return problem('module.no-scenario', {
        where: shown,
        found: said(result.what),
        expected: 'an object with at least the keys target, load, and steps or journeys',
        ...(result.what === 'a promise' ? { instead: 'export default await …' } : {}),
      });
  }
}

function remedy(fault: string): { readonly instead?: string } {
  if (/strip/.test(fault))
    return { instead: 'syntax that is erased with the types, as with erasableSyntaxOnly of tsc' };
  return {};
}

function remedyOfImport(fault: string): { readonly instead?: string } {
  const [, from, name] = /module '([^']+)' does not provide an export named '(\w+)'/.exec(fault) ?? [];
  if (name !== undefined) return { instead: `import { type ${name} } from '${from}', if it is a type` };
  const [, missing] = /Cannot find package '([^']+)'/.exec(fault) ?? [];
  return missing === undefined ? {} : { instead: `npm install --save-dev ${missing}` };
}
