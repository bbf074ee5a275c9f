import { megabyte } from '../../safety/bounded-file.ts';
import { largestStored } from '../files/stored-json.ts';
import type { BranchFile } from './data-branch.ts';
import { type Git, GitFailure } from './git.ts';

/** How much of a branch is read at once. */
const partBytes = 32 * megabyte;

/** Files in parts that memory holds. */
export function* inParts(files: readonly BranchFile[]): Generator<readonly BranchFile[]> {
  let part: BranchFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (part.length > 0 && bytes + file.bytes > partBytes) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(file);
    // The size of a damaged object is not known.
    bytes += file.bytes || 0;
  }
  if (part.length > 0) yield part;
}

/** The texts of some files; one that is too large, missing or damaged has none. */
export async function blobTexts(
  git: Git,
  files: readonly BranchFile[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const blobs = files.flatMap(({ blob, bytes }) => (bytes <= largestStored ? [blob] : []));
  if (blobs.length === 0) return texts;
  try {
    const answer = await git.objects(['--batch'], `${blobs.join('\n')}\n`);
    for (let at = 0; at < answer.length; ) {
      const end = answer.indexOf(10, at);
      if (end < 0) break;
      const [blob = '', kind, size = ''] = answer.toString('utf8', at, end).split(' ');
      at = end + 1;
      if (kind !== 'blob') continue;
      texts.set(blob, answer.toString('utf8', at, at + Number(size)));
      at += Number(size) + 1;
    }
  } catch (error) {
    // One damaged object ends the whole batch.
    if (!(error instanceof GitFailure)) throw error;
    if (files.length === 1) return texts;
    const half = files.length >>> 1;
    for (const some of [files.slice(0, half), files.slice(half)]) {
      for (const [id, text] of await blobTexts(git, some)) texts.set(id, text);
    }
  }
  return texts;
}

/** Those of some blobs whose objects git finds; what an object holds is not read. */
export async function blobsThere(git: Git, blobs: readonly string[]): Promise<ReadonlySet<string>> {
  if (blobs.length === 0) return new Set();
  const answer = await git.objects(['--batch-check'], `${blobs.join('\n')}\n`);
  const lines = answer.toString('latin1').split('\n');
  return new Set(lines.flatMap(line => /^([0-9a-f]+) blob \d+$/.exec(line)?.[1] ?? []));
}
