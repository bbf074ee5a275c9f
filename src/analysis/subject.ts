import type { SubjectDifference } from '../model/judgement/baseline.ts';
import type { RecordHeader } from '../model/run/record.ts';
import { isHarmless } from '../safety/target.ts';

/** What a record says of its subject. */
export type SubjectHeader = Pick<RecordHeader, 'file' | 'target' | 'subject'>;

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
