import type * as z from 'zod';
import { PlimsollError, type Problem } from '../../model/error.ts';
import type { MayBeNewer, UnknownPart } from '../../model/newer-parts.ts';
import {
  corruptIn,
  mostProblems,
  parseChecked,
  parseVersioned,
  type StoredKind,
} from '../files/stored-json.ts';
import { newerPartsOf } from './newer-parts.ts';

/** One thing that cannot be so in a record, and where in it. */
export interface Fault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** A kind of record, with what a whole one is. */
export interface RecordKind<Known> extends StoredKind {
  readonly schema: z.ZodType<Known>;
  /** What contradicts itself though each part is well formed. */
  readonly faultsOf?: (known: Known) => Iterable<Fault>;
  /** Members of open lists, such as kinds of failure, that this version counts and does not know. */
  readonly unknownMembers?: (known: Known) => readonly UnknownPart[];
}

/**
 * A record of an earlier, this or a later version from its text, checked and with what is not known here set apart. Throws
 * `file.format` or `record.corrupt`; `where` says where the text comes from.
 */
export function parseStored<Known extends { readonly schemaVersion: number }>(
  content: string,
  where: string,
  kind: RecordKind<Known>,
): Known & MayBeNewer {
  const source = parseVersioned(content, where, kind);
  const known = parseChecked(kind.schema, source.record, source);
  const problems: Problem[] = [];
  for (const { path, found, expected } of kind.faultsOf?.(known) ?? []) {
    problems.push(corruptIn(source, path, found, expected));
    if (problems.length === mostProblems) break;
  }
  if (problems.length > 0) throw new PlimsollError(problems);
  const newer = newerPartsOf(source, known, kind.unknownMembers?.(known));
  return newer === undefined ? known : { ...known, newer };
}
