import { join } from 'node:path';
import * as z from 'zod';
import { isAlike, mismatchOf } from '../../analysis/likeness.ts';
import type { Capacity, EarlierCapacity } from '../../model/capacity/capacity.ts';
import { PlimsollError } from '../../model/error.ts';
import type { CapacityUnit } from '../../model/judgement/budget.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { readStored } from '../files/stored-json.ts';
import { headerSchema } from '../records/header-schema.ts';
import { migrations } from '../records/migrations.ts';
import { recordFileName, recordNames } from '../records/record-file.ts';
import { parseStored, type RecordKind } from '../records/stored-record.ts';

const end = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found'), capacity: z.number().positive(), brokeAt: z.number().positive() }),
  z.object({ kind: z.literal('none'), brokeAt: z.number().positive() }),
  z.object({ kind: z.literal('most'), capacity: z.number().positive() }),
  z.object({
    kind: z.literal('generator'),
    capacity: z.number().positive().nullable(),
    limitedAt: z.number().positive(),
  }),
  z.object({ kind: z.literal('interrupted'), heldAt: z.number().nonnegative().nullable() }),
]);

/** A search as it is stored; probes are for people and programs, and are not read again. */
const capacitySchema = z.object({
  schemaVersion: z.literal(1),
  header: headerSchema,
  terms: z.object({ unit: z.enum(['perSecond', 'users']) }),
  end,
});

const capacityKind: RecordKind<z.output<typeof capacitySchema>> = {
  noun: 'capacity',
  folder: 'reports/capacities',
  others: [{ is: ({ measurement }) => measurement !== undefined, what: 'a run record, which holds one run' }],
  migrations: migrations.capacity,
  schema: capacitySchema,
};

/** Writes a search into a folder, which is made where it is missing, and returns the file. Throws `output.unwritable`. */
export async function writeCapacity(folder: string, capacity: Capacity): Promise<string> {
  const file = join(folder, recordFileName(capacity.header));
  const { header, terms, end: ended, limit, standing } = capacity;
  const probes = capacity.probes.map(({ outcome, ...figures }) => ({ ...figures, outcome: outcome.kind }));
  const whole = { schemaVersion: 1, header, terms, end: ended, limit, verdict: standing.verdict, probes };
  await writeAtomically(file, `${JSON.stringify(whole)}\n`);
  return file;
}

/** The latest search of the same workload on a machine alike; what cannot be read is none. */
export async function earlierCapacity(
  folder: string,
  { unit, ...header }: RecordHeader & { readonly unit: CapacityUnit },
): Promise<EarlierCapacity | null> {
  const found: EarlierCapacity[] = [];
  for (const name of await recordNames(folder)) {
    try {
      const file = join(folder, name);
      const stored = parseStored(await readStored(file, capacityKind), file, capacityKind);
      const capacity = 'capacity' in stored.end ? stored.end.capacity : null;
      if (capacity === null || stored.terms.unit !== unit || !isAlike(mismatchOf(stored.header, header)))
        continue;
      const { startedAt, fingerprint } = stored.header;
      found.push({ capacity, startedAt, commit: fingerprint.git?.commit ?? null });
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
    }
  }
  const [latest = null] = found.sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  return latest;
}
