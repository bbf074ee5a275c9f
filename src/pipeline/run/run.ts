import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SubjectHeader } from '../../analysis/subject.ts';
import { timeoutOf } from '../../config/scenario/plan.ts';
import { assertWritable } from '../../deliver/files.ts';
import { judgeRun } from '../../judge/judge.ts';
import type { PlimsollError } from '../../model/error.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import { exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { type Comparison, notCompared } from '../../model/judgement/regression.ts';
import type { Measurement, RunRecord } from '../../model/run/record.ts';
import { version } from '../../model/version.ts';
import { redactRecord } from '../../safety/redact.ts';
import { redactor } from '../../safety/secret.ts';
import { keepRecord } from '../../store/files/kept-record.ts';
import { fingerprintOf, pathInRepository } from '../../store/git/fingerprint.ts';
import { writeRecord } from '../../store/records/record-file.ts';
import { type ComparisonOptions, comparisonFor } from '../baselines/comparison.ts';
import { type AttemptOptions, attempt } from './attempt.ts';
import type { PreparedRun } from './prepare.ts';

/** What a run needs besides its plan; `out` is the folder for records and logs, which must be writable. */
export interface RunOptions extends AttemptOptions {
  readonly cwd: string;
  /** The command that repeats the run. */
  readonly command: string;
  /** Which earlier runs it is held against; none where it is left out. */
  readonly baseline?: ComparisonOptions | undefined;
}

/** A judged run and the file that holds its record. */
export interface SavedRun extends JudgedRun {
  /** Null where it could not be written there; `problems` says where it is instead. */
  readonly file: string | null;
  /** What went wrong besides: there was nothing to send load to, or the record could not be written. */
  readonly problems: readonly PlimsollError[];
}

/**
 * Serves the API where the scenario says so, measures, stores the record, compares it with earlier runs and judges it.
 * Whatever was started is stopped again. A run that has nothing to send load to is judged `invalid`. Throws `output.unwritable` before anything is
 * started, and the interrupt's reason where it comes before the API is ready.
 */
export async function runPrepared(prepared: PreparedRun, options: RunOptions): Promise<SavedRun> {
  const { plan, budgets } = prepared;
  const { baseline } = options;
  const runs = join(options.out, 'runs');
  await assertWritable(runs);
  const startedAt = new Date();
  const { measurement, problems, secrets } = await attempt(prepared, options);
  const record: RunRecord = redactRecord(
    {
      schemaVersion: 1,
      header: {
        id: randomUUID(),
        scenario: plan.scenario,
        digest: plan.digest,
        file: plan.file,
        startedAt: startedAt.toISOString(),
        durationMs: durationOf(measurement),
        target: plan.target.url,
        command: options.command,
        timeoutMs: timeoutOf(plan),
        fingerprint: await fingerprintOf({
          targetHost: plan.target.host,
          plimsoll: version,
          cwd: options.cwd,
          env: options.env,
        }),
        subject: {
          path: plan.file === null ? null : await pathInRepository(plan.file, options.cwd, options.env),
          serve: plan.serve?.start ?? null,
        },
      },
      measurement,
    },
    secrets,
  );
  const saved = await keepRecord(runs, folder => writeRecord(folder, record));
  const knownAs = prepared.knownAs && cleaned(prepared.knownAs, redactor(secrets));
  const comparison = baseline
    ? await comparisonFor(record, budgets, { ...baseline, ...(knownAs === null ? {} : { knownAs }) })
    : notCompared;
  return {
    ...judgeRecord(record, budgets, comparison),
    ...(prepared.gate === null ? {} : { gate: prepared.gate }),
    file: saved.file,
    problems: [...problems, ...saved.problems],
  };
}

/** As the headers of records have it. */
function cleaned(
  { target, subject, ...rest }: SubjectHeader,
  clean: (text: string) => string,
): SubjectHeader {
  const { path = null, serve = null } = subject ?? {};
  return { ...rest, target: clean(target), subject: { path, serve: serve && clean(serve) } };
}

/** Judges a record as it stands, by budgets that were chosen for it, and by how it compares with earlier runs. */
export function judgeRecord(record: RunRecord, budgets: ScenarioBudgets, comparison?: Comparison): JudgedRun {
  const judgement = judgeRun(record, budgets, new Date().toISOString().slice(0, 10), comparison);
  const { completion } = record.measurement;
  return { record, judgement, exitCode: exitCodeOf(judgement.verdict, completion, budgets.onInconclusive) };
}

/** Until the last answer: windows that a run did not reach have no length, though they have a planned start. */
function durationOf({ windows, drain }: Measurement): number {
  const reached = windows.filter(({ durationMs }) => durationMs > 0);
  return Math.max(0, ...reached.map(({ startMs, durationMs }) => startMs + durationMs)) + drain.durationMs;
}
