import { dirname, posix, resolve } from 'node:path';
import type { SubjectHeader } from '../../analysis/subject.ts';
import { isOfGate, nameIn, subjectIn, touchGate } from '../../config/scenario/gated.ts';
import { filesNamedIn, filesOfScenario } from '../../config/scenario/named-files.ts';
import type { Surroundings } from '../../config/scenario/plan.ts';
import { type Difference, differences } from '../../config/source/differences.ts';
import { readDocument } from '../../config/source/document.ts';
import type { SourceDocument } from '../../config/source/place.ts';
import { holdsSecrets } from '../../config/source/secret-places.ts';
import { shownName } from '../../config/source/text-file.ts';
import { PlimsollError } from '../../model/error.ts';
import type { GateChange } from '../../model/gate.ts';
import { readable, valueChanges } from './changes.ts';
import { baseDocument, type Gate } from './gate.ts';

/** A scenario of the checkout beside that of the base. */
export interface GatedScenario {
  /** The base's own; undefined of a new one. */
  readonly base: SourceDocument | undefined;
  /** Whether the two differ in what belongs to the gate. */
  readonly touchesGate: boolean;
  /** What runs of the base are known by; null of a new one. */
  readonly knownAs: SubjectHeader | null;
  readonly changes: readonly GateChange[];
}

/** The folder whose scenarios are run where none is named. */
const usualFolder = 'scenarios';
/** In the order in which a bare name is looked for. */
const endings = ['.yaml', '.yml', '.json'];
const isScenario = (file: string) => endings.some(ending => file.endsWith(ending));
/** Of code, only whether it is another one is known: that of the base is not run. */
const isCode = (file: string) =>
  /\.m?[tj]s$/.test(file) && !/(?:^|\/)[._][^/]*$|\.(?:d|test|spec)\.\w+$/.test(file);

/** Finds the scenario of the base that a file is, by its path or else by its name, and how the two differ. */
export async function scenarioUnder(
  gate: Gate,
  file: string,
  { cwd, env }: Surroundings,
): Promise<GatedScenario> {
  const { files } = gate;
  if (isCode(file))
    return {
      base: undefined,
      touchesGate: false,
      knownAs: null,
      changes: await changesOfCode(gate, file, cwd),
    };
  const head = files.holds(file) ? await readable(readDocument(file, cwd)) : null;
  if (head === null) return { base: undefined, touchesGate: false, knownAs: null, changes: [] };
  const local = shownName(resolve(cwd, file), cwd);
  const from = await placeInBase(gate, local, head, cwd);
  const base = from === null ? null : await readable(baseDocument(files, from));
  if (base === null || from === null) {
    const how = from === null ? 'added' : 'changed';
    const change: GateChange = { kind: 'file', file: local, how, stands: 'head' };
    return { base: undefined, touchesGate: false, knownAs: null, changes: [change] };
  }
  const found = differences(named(base), named(head));
  const subject = subjectIn(base, env);
  const folder = dirname(resolve(cwd, file));
  const data = [...filesNamedIn(head), ...filesNamedIn(base)].map(name => resolve(folder, name));
  return {
    base,
    touchesGate: touchGate(found),
    knownAs: subject && {
      file: from,
      target: subject.target,
      subject: { path: files.path(from), serve: subject.serve },
    },
    changes: [
      ...(from === local ? [] : [{ kind: 'moved', file: from, to: local, stands: 'head' } as const]),
      ...valueChanges(local, found, path => (isOfGate(path) ? 'base' : 'head'), mayBeSecret),
      ...(await files.changed([...new Set(data)])).map(
        changed => ({ kind: 'file', ...changed, stands: 'head' }) as const,
      ),
    ],
  };
}

/** Which files of a scenario that is code are other ones than in the base, or were not there. */
async function changesOfCode({ files }: Gate, file: string, cwd: string): Promise<readonly GateChange[]> {
  if (!files.holds(file)) return [];
  const changed = await files.changed(await filesOfScenario(file, cwd));
  return changed.map(one => ({ kind: 'file', ...one, stands: 'head' }) as const);
}

/**
 * Throws `gate.scenario-gone` where the base has scenarios in the usual folder that none of these files is. A command that names
 * scenarios means those alone: a bare name is that of a file in the folder, with any ending; a path is there or is an error.
 */
export async function assertNoneGone(
  gate: Gate,
  sources: readonly string[],
  { cwd, named }: { readonly cwd: string; readonly named: readonly string[] },
): Promise<void> {
  const { files } = gate;
  const here = sources.map(file => shownName(resolve(cwd, file), cwd));
  const all = (await files.list(usualFolder)).filter(file => isScenario(file) || isCode(file));
  const meant = named.flatMap(name => {
    const places = [...endings, '.ts', '.mts', '.js', '.mjs'].map(ending =>
      posix.join(usualFolder, name + ending),
    );
    return places.find(place => all.includes(place)) ?? [];
  });
  const gone = (named.length === 0 ? all : meant).filter(file => !here.includes(file));
  if (gone.length === 0) return;
  const run = new Set<string | null>();
  for (const file of here) {
    const head = await readable(readDocument(file, cwd));
    // A file that the base has too is that one, whatever it calls itself now.
    if (head !== null) run.add(await placeInBase(gate, file, head, cwd));
  }
  const problems: PlimsollError['problems'][number][] = [];
  for (const file of gone) {
    if (isCode(file)) {
      problems.push({ code: 'gate.scenario-gone', where: files.shown(file), found: `no ${file}` });
      continue;
    }
    const base = run.has(file) ? null : await readable(baseDocument(files, file));
    if (base === null) continue;
    const found = `no ${file}, and no other scenario that is called ${nameIn(base)}`;
    problems.push({ code: 'gate.scenario-gone', where: files.shown(file), found });
  }
  if (problems.length > 0) throw new PlimsollError(problems);
}

/** The path of a scenario in the base: its own, else that of one of its name that is not here any more; null of a new one. */
async function placeInBase(
  { files }: Gate,
  local: string,
  head: SourceDocument,
  cwd: string,
): Promise<string | null> {
  if (await files.has(local)) return local;
  const folders = new Set([posix.dirname(local), usualFolder]);
  for (const folder of folders) {
    for (const other of (await files.list(folder)).filter(isScenario)) {
      const base = await readable(baseDocument(files, other));
      if (base === null || nameIn(base) !== nameIn(head)) continue;
      if ((await readable(readDocument(other, cwd))) === null) return other;
    }
  }
  return null;
}

/** What a scenario says, with the name that it has even where it does not say it. */
function named(document: SourceDocument): object {
  const { value } = document;
  return { ...(typeof value === 'object' ? value : {}), name: nameIn(document) };
}

const discreet = ['data', 'defaults', 'journeys', 'serve', 'setup', 'steps', 'teardown'];

/** What is sent may hold secrets, and so may every whole that it is a part of. */
function mayBeSecret({ path, base, head }: Difference): boolean {
  if (!discreet.includes(String(path[0]))) return false;
  return holdsSecrets(path) || ![base, head].every(isPlain);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(item => typeof item === 'number');
  return typeof value !== 'object' || value === null;
}
