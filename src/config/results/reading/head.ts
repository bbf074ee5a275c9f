import { partsOf } from '../../../safety/bounded-file.ts';
import { readTextParts } from '../../source/text-file.ts';

/** The formats are told apart by so much of a file. */
const headLength = 65_536;

/** The beginning of a text file, without a byte order mark and empty lines before it; throws as `readText` does. */
export async function readHead({
  path,
  shown,
}: {
  readonly path: string;
  readonly shown: string;
}): Promise<string> {
  for await (const part of readTextParts(path, shown, Number.POSITIVE_INFINITY)) {
    return part.slice(0, headLength).replace(/^\s+/, '');
  }
  return '';
}

/** What a file is that holds no text, by its first bytes; null of text, and of a file that cannot be read. */
export async function binaryKind(path: string, shown: string): Promise<'gzip' | 'binary' | null> {
  try {
    for await (const part of partsOf({ path, shown, most: Number.POSITIVE_INFINITY })) {
      if (part[0] === 0x1f && part[1] === 0x8b) return 'gzip';
      return part.subarray(0, headLength).includes(0) ? 'binary' : null;
    }
  } catch {
    // Whoever reads the text tells what is wrong.
  }
  return null;
}
