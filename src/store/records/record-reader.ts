import type { UnknownPart } from '../../model/newer-parts.ts';
import { failureKinds } from '../../model/run/failure.ts';
import type { Measurement, RecordHeader, RunRecord } from '../../model/run/record.ts';
import { parseChecked, parseVersioned, readStored } from '../files/stored-json.ts';
import { headerSchema } from './header-schema.ts';
import { migrations } from './migrations.ts';
import { faultsOf } from './record-integrity.ts';
import { type CheckedRecord, recordSchema } from './record-schema.ts';
import { parseStored, type RecordKind } from './stored-record.ts';

const runRecord: RecordKind<CheckedRecord> = {
  noun: 'run record',
  folder: 'reports/runs',
  others: [
    {
      is: ({ header, measurement, runs }) =>
        header === undefined && measurement === undefined && Array.isArray(runs),
      what: 'a summary, which holds what a run came to and not what was measured',
    },
    { is: ({ contestants }) => contestants !== undefined, what: 'a duet, which is no run' },
  ],
  migrations: migrations.runRecord,
  schema: recordSchema,
  faultsOf: ({ measurement }) => faultsOf(measurement),
  unknownMembers: ({ measurement }) => [...unknownFailures(measurement)],
};

/**
 * Reads a run record and makes sure that it is whole: the schema, counts that add up, parallel arrays, and every
 * histogram decoded once. Throws `file.missing`, `file.unreadable`, `record.other-kind` or `record.corrupt`, naming the file,
 * the path inside it and what is wrong.
 */
export async function readRecord(file: string): Promise<RunRecord> {
  return parseRecord(await readStored(file, runRecord), file);
}

/** The same of a record's text; `where` says where that comes from. */
export function parseRecord(content: string, where: string): RunRecord {
  return parseStored(content, where, runRecord);
}

/** Reads what history needs of a run record and leaves the measurement unread; throws as `readRecord` does. */
export async function readHeader(file: string): Promise<RecordHeader> {
  const source = parseVersioned(await readStored(file, runRecord), file, runRecord);
  return parseChecked(headerSchema, source.record.header, source, ['header']);
}

/** Failures of kinds that this version does not know: they count as errors, though nothing more can be said of them. */
function* unknownFailures(measurement: Measurement): Generator<UnknownPart> {
  const { connections } = measurement;
  const places = (['endpoints', 'transactions'] as const).flatMap(of =>
    (measurement[of] ?? []).flatMap(({ windows }, endpoint) =>
      windows.map(({ counts }, window) => ({
        counts: counts.failed,
        path: ['measurement', of, endpoint, 'windows', window, 'counts', 'failed'],
      })),
    ),
  );
  const errors = { counts: connections.errors, path: ['measurement', 'connections', 'errors'] };
  for (const { counts, path } of [...places, errors]) {
    for (const [kind, value] of Object.entries(counts)) {
      if (!failureKinds.some(known => known === kind)) yield { path: [...path, kind], value };
    }
  }
}
