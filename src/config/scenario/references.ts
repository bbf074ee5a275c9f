import { createHash } from 'node:crypto';
import { dirname, posix, resolve } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import type { ErrorCode } from '../../model/error-table.ts';
import type { DataSet, JsonSchema } from '../../model/run/scenario.ts';
import { megabyte } from '../../safety/bounded-file.ts';
import type { Diagnostics } from '../source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../source/place.ts';
import { readBytes, shownName } from '../source/text-file.ts';
import { columnOf } from './request/auth.ts';
import type { BodyFile } from './request/body.ts';
import type { ReadScenario } from './scenario-file.ts';

/** A scenario, as far as the files matter that it names; their paths are relative to its own folder. */
export interface NamingFiles extends Pick<ReadScenario, 'sections' | 'value'> {
  readonly document: SourceDocument;
  readonly cwd: string;
  readonly diagnostics: Diagnostics;
}

/** The data sets of a scenario. */
export interface ReadData {
  /** In the order of the scenario. */
  readonly sets: readonly DataSet[];
  /** Those that cannot be read: what is wrong with them was gathered, and what refers to them is not wrong for that. */
  readonly unread: ReadonlySet<string>;
}

/** Reads the data sets of a scenario. */
export async function readDataSets(naming: NamingFiles): Promise<ReadData> {
  const { value, sections, cwd } = naming;
  const sets: DataSet[] = [];
  const unread = new Set<string>();
  for (const name of Object.keys(mapAt(value, ['data']))) {
    const at = ['data', name, 'file'];
    const file = valueAt(value, at);
    const pick = sections.data?.[name]?.pick ?? 'random';
    const { readDataSet } = await import('../source/data-file.ts');
    const set = isName(file)
      ? await followFile(file, at, naming, path => readDataSet(name, pick, path, cwd))
      : undefined;
    if (set === undefined) unread.add(name);
    else sets.push(set);
  }
  return { sets: [...sets, ...secretsOfCommands(naming)], unread };
}

/** The rows with what commands print that are named as secrets, and with tokens: a column each. */
function secretsOfCommands({ value }: NamingFiles): readonly DataSet[] {
  const places = [['defaults'], ...everyStep(value)];
  const commands = places
    .map(at => mapAt(value, [...at, 'auth']))
    .flatMap(auth => Object.values(auth).flatMap((way: unknown) => [way, ...Object.values(Object(way))]))
    .map((secret: unknown) => (secret as { readonly command?: unknown } | null)?.command)
    .filter(command => Array.isArray(command));
  const columns = [...new Set(commands.map(columnOf))];
  const none = { name: '', pick: 'sequential' } as const;
  const ofCommands: DataSet = {
    ...none,
    columns,
    rows: [columns.map(() => '<secret>')],
    ofSecrets: 'commands',
  };
  const asksForTokens = places.some(at => valueAt(value, [...at, 'auth', 'oauth2']) !== undefined);
  // Its columns come as the steps are built that use them.
  const ofTokens: DataSet = { ...none, columns: [], rows: [[]], ofSecrets: 'tokens' };
  return [...(columns.length > 0 ? [ofCommands] : []), ...(asksForTokens ? [ofTokens] : [])];
}

/** The JSON Schemas that steps expect of answers, each file read once, by the path that the steps give. */
export async function readExpectedSchemas(naming: NamingFiles): Promise<ReadonlyMap<string, JsonSchema>> {
  const { value, cwd } = naming;
  const schemas = new Map<string, JsonSchema | undefined>();
  for (const step of everyStep(value)) {
    const at = [...step, 'expect', 'schema'];
    const file = valueAt(value, at);
    if (!isName(file) || schemas.has(file)) continue;
    const { readExpectedSchema } = await import('./expected-schema.ts');
    schemas.set(file, await followFile(file, at, naming, path => readExpectedSchema(path, cwd)));
  }
  return new Map([...schemas].filter((entry): entry is [string, JsonSchema] => entry[1] !== undefined));
}

/** The largest file that a body sends. */
const largestBody = 100 * megabyte;

/** The files that bodies send, each read once, by the path that the steps give. */
export async function readBodyFiles(naming: NamingFiles): Promise<ReadonlyMap<string, BodyFile>> {
  const { value, cwd } = naming;
  const files = new Map<string, BodyFile | undefined>();
  for (const step of everyStep(value)) {
    for (const at of fileNamesIn(value, step)) {
      const file = valueAt(value, at);
      if (!isName(file) || files.has(file)) continue;
      files.set(
        file,
        await followFile(file, at, naming, async path => {
          const read = await readBytes(path, shownName(path, cwd), largestBody);
          const bytes = new Uint8Array(new SharedArrayBuffer(read.length));
          bytes.set(read);
          return { bytes, digest: createHash('sha256').update(read).digest('hex') };
        }),
      );
    }
  }
  return new Map([...files].filter((entry): entry is [string, BodyFile] => entry[1] !== undefined));
}

/** Where a step names files that its body sends. */
function fileNamesIn(value: unknown, step: Path): readonly Path[] {
  const multipart = [...step, 'multipart'];
  const parts = Object.entries(mapAt(value, multipart)).flatMap(([name, part]) => {
    const at = [...multipart, name];
    return Array.isArray(part) ? [at, ...part.map((_, index) => [...at, index])] : [at];
  });
  return [[...step, 'body'], [...step, 'graphql', 'query'], ...parts].map(at => [...at, 'file']);
}

/** The places of all steps. */
function everyStep(value: unknown): readonly Path[] {
  const places = Object.keys(mapAt(value, ['journeys'])).map(index => ['journeys', Number(index), 'steps']);
  return [['setup'], ['teardown'], ['steps'], ...places].flatMap(place => stepsAt(value, place));
}

/** The places of steps, and of the steps within them. */
function stepsAt(value: unknown, place: Path): readonly Path[] {
  return Object.keys(mapAt(value, place)).flatMap(index => {
    const at = [...place, Number(index)];
    return [at, ...['steps', 'else', 'oneOf', 'parallel'].flatMap(key => stepsAt(value, [...at, key]))];
  });
}

/** A map, or a list, at a path; an empty one where there is something else. */
function mapAt(value: unknown, path: Path): object {
  const found = valueAt(value, path);
  return typeof found === 'object' && found !== null ? found : {};
}

function isName(file: unknown): file is string {
  return typeof file === 'string' && file.trim() !== '';
}

/** What says that a file as a whole is not the one that the scenario means. */
const ofTheFile: readonly ErrorCode[] = [
  'file.missing',
  'file.unreadable',
  'file.not-regular',
  'file.too-large',
  'file.not-text',
  'file.unknown-format',
  'tls.invalid-pem',
  'tls.encrypted-key',
];

/** Reads a file that a scenario names; one that is not there, or no such file, is a mistake of the place that names it. */
export function followFile<T>(
  file: string,
  at: Path,
  { document, cwd, diagnostics }: NamingFiles,
  read: (path: string) => Promise<T>,
): Promise<T | undefined> {
  const place = placeOf(document, at);
  return diagnostics.attemptAsync(place, async () => {
    try {
      return await read(resolve(cwd, dirname(document.file), file));
    } catch (cause) {
      const [first] = cause instanceof PlimsollError ? cause.problems : [];
      if (first === undefined || !ofTheFile.includes(first.code)) throw cause;
      const { code, where = file, found, expected, instead } = first;
      throw problem(
        code,
        {
          where: place,
          found: found === undefined ? where : `${where}, ${found}`,
          ...(expected === undefined ? {} : { expected }),
          ...(instead === undefined
            ? {}
            : { instead: code === 'file.missing' ? sibling(file, instead) : instead }),
        },
        { cause },
      );
    }
  });
}

function sibling(file: string, name: string): string {
  return posix.join(posix.dirname(file), posix.basename(name));
}
