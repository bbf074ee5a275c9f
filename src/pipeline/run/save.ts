import { validityOf } from '../../judge/validity/validity.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import { invalidReasons } from '../../report/words/reasons/invalid-reason.ts';
import type { SavedBaseline } from '../../store/baselines/baseline-store.ts';
import { folderStore } from '../../store/baselines/folder-store.ts';
import { readRecord } from '../../store/records/record-reader.ts';
import { type Baselines, runsFolder } from '../baselines/baselines.ts';
import { budgetsOfRecord } from './judge-file.ts';

/** Which run records are saved. */
export interface SaveRequest {
  /** The latest run where it is empty. */
  readonly files: readonly string[];
  /** The folder for reports. */
  readonly out: string;
  /** The budgets file, by which a run is a measurement or none; null for the defaults. */
  readonly budgets: string | null;
  readonly cwd: string;
}

/** What was saved, and why the rest was not. */
export interface Saved {
  readonly saved: readonly (SavedBaseline & { readonly header: RecordHeader })[];
  readonly refused: readonly PlimsollError[];
}

/** Saves run records. Those that are damaged, did not complete or are no measurement are refused; the others are saved. */
export async function saveBaselines({ store }: Baselines, request: SaveRequest): Promise<Saved> {
  const { files, out } = request;
  const records: RunRecord[] = [];
  const refused: PlimsollError[] = [];
  for (const file of files.length > 0 ? files : [await latestRun(runsFolder(out))]) {
    try {
      records.push(await fitRecord(file, request));
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      refused.push(error);
    }
  }
  const saved = records.length === 0 ? [] : await store.save(records);
  const headed = saved.flatMap((one, index) => {
    const header = records[index]?.header;
    return header ? [{ ...one, header }] : [];
  });
  return { saved: headed, refused };
}

/** A record that can be a baseline; throws `record.not-a-measurement` of one that cannot. */
export async function fitRecord(file: string, request: Omit<SaveRequest, 'files'>): Promise<RunRecord> {
  const record = await readRecord(file);
  const { state } = record.measurement.completion;
  if (state !== 'complete') {
    throw problem('record.not-a-measurement', {
      where: file,
      found: `a run that did not complete (${state})`,
      expected: 'a run that was measured to its end',
    });
  }
  const { budgets } = await budgetsOfRecord(record, request);
  const validity = validityOf(record, budgets);
  if (validity.state === 'valid') return record;
  throw problem('record.not-a-measurement', {
    where: file,
    found: `a run that is no measurement: ${invalidReasons(validity.reasons)}`,
    expected: 'a run whose numbers say something of the target',
  });
}

async function latestRun(folder: string): Promise<string> {
  const { runs, skipped } = await folderStore(folder).list();
  const [latest] = runs;
  if (latest) return latest.where;
  throw problem('store.no-run', {
    where: folder,
    found: skipped.length === 0 ? 'no run record' : `no run record but ${skipped.length} damaged`,
    expected: 'the record of a run',
    instead: 'plimsoll run first, or name a record: plimsoll baseline save FILE',
  });
}
