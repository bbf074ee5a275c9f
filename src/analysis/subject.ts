import type { SubjectDifference } from '../model/judgement/baseline.ts';
import type { RecordHeader } from '../model/run/record.ts';
import { isHarmless } from '../safety/target.ts';

/** What a record says of its subject. */
export type SubjectHeader = Pick<RecordHeader, 'file' | 'target' | 'subject'>;

/** Whether the scenario file of a stored run is still where it was, so that it was not renamed. */
export type FileFinder = (of: RecordHeader) => boolean;

/**
 * How two runs differ in what they measured: the scenario file in the repository, the target (scheme, base path, kind of
 * host, and port unless Plimsoll started the API), and the command that started the API. The parts that a record of an
 * earlier version lacks count as equal.
 */
export function subjectDifferences(
  baseline: SubjectHeader,
  run: SubjectHeader,
): readonly SubjectDifference[] {
  const differences: SubjectDifference[] = [];
  if (!isSameFile(baseline, run)) {
    differences.push({ part: 'file', baseline: fileOf(baseline), run: fileOf(run) });
  }
  const [was, is] = [baseline.subject?.serve, run.subject?.serve];
  if (was !== undefined && is !== undefined && was !== is) {
    differences.push({ part: 'serve', baseline: was, run: is });
  }
  const isServed = (is ?? null) !== null && was !== null;
  if (placeOf(baseline.target, !isServed) !== placeOf(run.target, !isServed)) {
    differences.push({ part: 'target', baseline: baseline.target, run: run.target });
  }
  return differences;
}

/** Whether a stored run is of the scenario of another: by its name, its file, or its workload where it was renamed. */
export function isOfScenario(header: RecordHeader, run: RecordHeader, hasFile: FileFinder): boolean {
  if (header.scenario === run.scenario) return true;
  return run.file !== null && (isSameFile(header, run) || isRenamed(header, run, hasFile));
}

/** How a stored run of the same scenario measured something else; a file that was renamed is no difference. */
export function foreignParts(
  header: RecordHeader,
  run: RecordHeader,
  hasFile: FileFinder,
): readonly SubjectDifference[] {
  const differences = subjectDifferences(header, run);
  return isRenamed(header, run, hasFile) ? differences.filter(({ part }) => part !== 'file') : differences;
}

/** Whether two runs belong to one course of the same subject; what has no scenario file is known by its workload too. */
export function isSameSubject(header: RecordHeader, run: RecordHeader, hasFile: FileFinder): boolean {
  if (!isOfScenario(header, run, hasFile)) return false;
  if (run.file === null && header.digest !== run.digest) return false;
  return foreignParts(header, run, hasFile).length === 0;
}

/** Whether a file was moved: the same workload from another path, where nothing is now. */
function isRenamed(header: RecordHeader, run: RecordHeader, hasFile: FileFinder): boolean {
  if (header.file === null || run.file === null || header.digest !== run.digest) return false;
  return !isSameFile(header, run) && !hasFile(header) && hasFile(run);
}

/** Whether a word is the name of a run's scenario, or its file. */
export function isCalled({ scenario, file, subject }: RecordHeader, word: string): boolean {
  return (
    scenario === word || (file !== null && [file, subject?.path ?? file].map(plain).includes(plain(word)))
  );
}

interface Group<Of> {
  readonly members: Of[];
  /** A header of each kind that was found to be of the subject. */
  readonly faces: RecordHeader[];
}

/**
 * Things that have a header, by subject: in each group the first is the one that names it, and the order is kept. Give them
 * newest first, since a renamed scenario is known by what it is now.
 */
export function bySubject<Of>(
  things: readonly Of[],
  headerOf: (thing: Of) => RecordHeader,
  hasFile: FileFinder,
): readonly (readonly Of[])[] {
  const groups: Group<Of>[] = [];
  /** Where things of a face went: a store holds many of each. */
  const placed = new Map<string, Group<Of>>();
  for (const thing of things) {
    const header = headerOf(thing);
    const { scenario, digest, file, target, subject } = header;
    const face = JSON.stringify([scenario, digest, file, target, subject]);
    const known = placed.get(face);
    if (known !== undefined) {
      known.members.push(thing);
      continue;
    }
    const like = groups.find(({ faces }) => faces.some(other => isSameSubject(header, other, hasFile)));
    const group = like ?? { members: [], faces: [] };
    if (like === undefined) groups.push(group);
    // What says nothing of its subject is like any, so it stands for others only where it is the first.
    if (like === undefined || subject !== undefined) group.faces.push(header);
    group.members.push(thing);
    placed.set(face, group);
  }
  return groups.map(({ members }) => members);
}

/** Whether two runs are of one scenario file; of none where both have none. */
export function isSameFile(one: SubjectHeader, other: SubjectHeader): boolean {
  if (one.file === null || other.file === null) return one.file === other.file;
  const [path, otherPath] = [one.subject?.path ?? null, other.subject?.path ?? null];
  if (path !== null && otherPath !== null) return path === otherPath;
  return plain(one.file) === plain(other.file);
}

const plain = (file: string) => file.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
const fileOf = ({ file, subject }: SubjectHeader) => subject?.path ?? file;

/** Where a target is, as far as it has to be the same. */
function placeOf(target: string, withPort: boolean): string {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return target;
  const { protocol, hostname, pathname } = url;
  const port = withPort ? url.port || (protocol === 'https:' ? '443' : '80') : '';
  return `${protocol}//${kindOfHost(hostname)}:${port}${pathname.replace(/\/$/, '')}`;
}

/** Loopback and private addresses come and go; a name says what it is. */
function kindOfHost(hostname: string): string {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  if (/^(?:(?:.+\.)?localhost|127\..+|::1?|0\.0\.0\.0|::ffff:7f.+)$/.test(host)) return 'loopback';
  return isHarmless(host) ? 'private' : host;
}
