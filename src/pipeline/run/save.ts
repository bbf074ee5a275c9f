import { type FileFinder, isSameSubject } from '../../analysis/subject.ts';
import { validityOf } from '../../judge/validity/validity.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { Comparison } from '../../model/judgement/regression.ts';
import type { BaselineMark, RecordHeader, RunRecord } from '../../model/run/record.ts';
import { invalidReasons } from '../../report/words/reasons/invalid-reason.ts';
import type { SavedBaseline } from '../../store/baselines/baseline-store.ts';
import { readRecord } from '../../store/records/record-reader.ts';
import type { Baselines } from '../baselines/baselines.ts';
import { comparisonFor } from '../baselines/comparison.ts';
import { fileFinder } from '../baselines/file-finder.ts';
import { budgetsOfRecord } from './judge-file.ts';
import { judgeRecord } from './run.ts';

/** Which run records are saved. */
export interface SaveRequest {
  /** The latest run where it is empty. */
  readonly files: readonly string[];
  /** The folder for reports. */
  readonly out: string;
  /** The budgets file, by which a run is a measurement or none; null for the defaults. */
  readonly budgets: string | null;
  readonly cwd: string;
  /** The branch that a run's commit is meant for; found out where it is left out. */
  readonly targetBranch?: string | undefined;
}

/** What was saved, and why the rest was not. */
export interface Saved {
  readonly saved: readonly (SavedBaseline & {
    readonly header: RecordHeader;
    readonly mark: BaselineMark;
  })[];
  readonly refused: readonly PlimsollError[];
  /** Why others were not saved, each of which a saved run repeats. */
  readonly repeated: readonly PlimsollError[];
}

/**
 * Saves run records, each with what it is judged now, and with what a commit accepts of it. Those that are damaged, did not
 * complete or are no measurement are refused; the others are saved.
 */
export async function saveBaselines(baselines: Baselines, request: SaveRequest): Promise<Saved> {
  const { files } = request;
  const { store } = baselines;
  const chosen = files.length > 0 ? files : [await latestRun(baselines)];
  const kept = await store.list();
  const marks = new Map(kept.runs.map(({ entry }) => [entry.header.id, entry.baseline]));
  const records: RunRecord[] = [];
  const unfit: { readonly error: PlimsollError; readonly header: RecordHeader | null }[] = [];
  for (const file of chosen) {
    let header: RecordHeader | null = null;
    try {
      const read = await readRecord(file);
      header = read.header;
      const record = await assertFit(read, file, request);
      // What was judged once stays so, whatever has come since.
      const mark = { ...marks.get(record.header.id), ...record.baseline };
      const baseline =
        mark.verdict === undefined ? { ...(await judgedMark(record, baselines, request)), ...mark } : mark;
      records.push({ ...record, baseline });
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      unfit.push({ error, header });
    }
  }
  const hasFile = await fileFinder(baselines);
  const isRepeated = ({ header }: (typeof unfit)[number]) =>
    header !== null && records.some(record => repeats(record.header, header, hasFile));
  const saved = records.length === 0 ? [] : await store.save(records);
  const headed = saved.flatMap((one, index) => {
    const record = records[index];
    return record ? [{ ...one, header: record.header, mark: record.baseline ?? {} }] : [];
  });
  return {
    saved: headed,
    refused: unfit.filter(one => !isRepeated(one)).map(({ error }) => error),
    repeated: unfit.filter(isRepeated).map(({ error }) => error),
  };
}

/** Whether a run measured the same as an earlier one once more. */
function repeats(run: RecordHeader, earlier: RecordHeader, hasFile: FileFinder): boolean {
  const commitOf = ({ fingerprint }: RecordHeader) => fingerprint.git?.commit;
  return (
    run.startedAt > earlier.startedAt &&
    commitOf(run) === commitOf(earlier) &&
    isSameSubject(run, earlier, hasFile)
  );
}

/** What a record is judged by its budgets and the stored runs, and what of it commits accept. */
async function judgedMark(
  record: RunRecord,
  baselines: Baselines,
  request: Omit<SaveRequest, 'files'>,
): Promise<BaselineMark> {
  const budgets = await budgetsOfRecord(record, request);
  const { targetBranch } = request;
  const comparison = await comparisonFor(record, budgets, { baselines, targetBranch });
  const notes = comparison.state === 'compared' ? comparison.notes : [];
  const accepted = notes.find(note => note.kind === 'accepted')?.acceptance;
  return { ...verdictMark(record, budgets, comparison), ...(accepted === undefined ? {} : { accepted }) };
}

/** The verdict of a record as a mark on it. */
export function verdictMark(
  record: RunRecord,
  budgets: ScenarioBudgets,
  comparison: Comparison,
): Pick<BaselineMark, 'verdict'> {
  const { verdict } = judgeRecord(record, budgets, comparison).judgement;
  return verdict === 'invalid' ? {} : { verdict };
}

/** A record that can be a baseline; throws `record.not-a-measurement` of one that cannot. */
export async function fitRecord(file: string, request: Omit<SaveRequest, 'files'>): Promise<RunRecord> {
  return await assertFit(await readRecord(file), file, request);
}

async function assertFit(
  record: RunRecord,
  file: string,
  request: Omit<SaveRequest, 'files'>,
): Promise<RunRecord> {
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

async function latestRun({ runs: folder }: Baselines): Promise<string> {
  const { runs, skipped } = await folder.list();
  const [latest] = runs;
  if (latest) return latest.where;
  throw problem('store.no-run', {
    where: folder.place,
    found: skipped.length === 0 ? 'no run record' : `no run record but ${skipped.length} damaged`,
    expected: 'the record of a run',
    instead: 'plimsoll run first, or name a record: plimsoll baseline save FILE',
  });
}
