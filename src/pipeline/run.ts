import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { timeoutOf } from '../config/plan.ts';
import { assertWritable } from '../deliver/files.ts';
import { measure } from '../engine/measure.ts';
import type { Progress } from '../engine/progress.ts';
import { judge } from '../judge/judge.ts';
import { type Served, serve } from '../launch/serve.ts';
import { exitCodeOf } from '../model/exit-code.ts';
import type { JudgedRun } from '../model/judged-run.ts';
import type { Measurement, RunRecord } from '../model/record.ts';
import { version } from '../model/version.ts';
import { fingerprintOf } from '../store/fingerprint.ts';
import { writeRecord } from '../store/record-file.ts';
import { redactRecord } from '../store/redact.ts';
import type { PreparedRun } from './prepare.ts';

/** What happens during a run, for people who watch it. */
export type RunEvent =
  | { readonly kind: 'serving'; readonly command: string; readonly logFile: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** The API that was started for the run ended before the run did. */
  | { readonly kind: 'serverEnded'; readonly lastLines: readonly string[] };

/** What a run needs besides its plan. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder for records and logs; it must be writable. */
  readonly out: string;
  /** The command that repeats the run. */
  readonly command: string;
  /** Aborted with `SIGINT` or `SIGTERM` as its reason, it ends the run early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** A judged run and the file that holds its record. */
export interface SavedRun extends JudgedRun {
  readonly file: string;
}

/**
 * Serves the API where the scenario says so, measures, stores the record and judges it. Whatever was started is stopped
 * again. Throws a `PlimsollError` where the API cannot be served or the record cannot be written.
 */
export async function runPrepared(prepared: PreparedRun, options: RunOptions): Promise<SavedRun> {
  const { plan, budgets } = prepared;
  const runs = join(options.out, 'runs');
  await assertWritable(runs);
  const startedAt = new Date();
  const measurement = await measureServed(prepared, options);
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
      },
      measurement,
    },
    plan.secrets,
  );
  const file = await writeRecord(runs, record);
  return { ...judgeRecord(record, budgets), file };
}

/** Judges a record as it stands, by budgets that were chosen for it. */
export function judgeRecord(record: RunRecord, budgets: PreparedRun['budgets']): JudgedRun {
  const judgement = judge(record, budgets, new Date().toISOString().slice(0, 10));
  const { completion } = record.measurement;
  return { record, judgement, exitCode: exitCodeOf(judgement.verdict, completion, budgets.onInconclusive) };
}

async function measureServed({ plan, addresses }: PreparedRun, options: RunOptions): Promise<Measurement> {
  const { interrupt, onEvent } = options;
  const measured = () =>
    measure(plan, {
      addresses,
      ...(interrupt === undefined ? {} : { interrupt }),
      ...(onEvent === undefined ? {} : { onProgress: progress => onEvent({ kind: 'progress', progress }) }),
    });
  if (plan.serve === null) return await measured();
  const logFile = join(options.out, 'logs', `${plan.scenario.replace(/[^\w.-]+/g, '-')}.log`);
  onEvent?.({ kind: 'serving', command: plan.serve.start, logFile });
  const served = await serve(plan.serve, {
    target: plan.target,
    env: options.env,
    logFile,
    ...(interrupt === undefined ? {} : { signal: interrupt }),
  });
  onEvent?.({ kind: 'ready' });
  try {
    return await watched(served, measured(), onEvent);
  } finally {
    await served.stop();
  }
}

/** Tells when the served API ends while it is being measured. */
async function watched(
  served: Served,
  measuring: Promise<Measurement>,
  onEvent: RunOptions['onEvent'],
): Promise<Measurement> {
  let measuringStill = true;
  void served.exited.then(() => {
    if (measuringStill) onEvent?.({ kind: 'serverEnded', lastLines: served.lastLines() });
  });
  try {
    return await measuring;
  } finally {
    measuringStill = false;
  }
}

function durationOf({ windows, drain }: Measurement): number {
  const last = windows.at(-1);
  return (last ? last.startMs + last.durationMs : 0) + drain.durationMs;
}
