import { join } from 'node:path';
import { assertWritable } from '../../deliver/files.ts';
import { assertServable } from '../../launch/process/serve.ts';
import { describeProblem, PlimsollError, rewritten } from '../../model/error.ts';
import { redactor } from '../../safety/secret.ts';
import type { PreparedRun } from './prepare.ts';
import { assertPublishable, type ReportPlaces } from './publish.ts';

/**
 * Checks what several runs will need in their middle or at their end: that records, logs and reports can be written, and
 * that what `serve` will start has a folder and a free port. Throws one `PlimsollError` of every mistake.
 */
export async function preflight(
  prepared: readonly PreparedRun[],
  { out, reports }: { readonly out: string; readonly reports: ReportPlaces },
): Promise<void> {
  const servings = prepared.flatMap(({ plan: { serve, target }, addresses }) =>
    serve ? [{ serve, target: { ...target, addresses } }] : [],
  );
  const problems = await problemsOf([
    () => assertWritable(join(out, 'runs')),
    ...(servings.length > 0 ? [() => assertWritable(join(out, 'logs'))] : []),
    () => assertPublishable(reports),
    ...servings.map(
      ({ serve, target }) =>
        () =>
          assertServable(serve, target),
    ),
  ]);
  const clean = redactor(prepared.flatMap(({ plan }) => plan.secrets));
  if (problems.length > 0) throw rewritten(new PlimsollError(problems), clean);
}

/** Checks that the records, logs and reports of a duet or a calibration can be written, before anything is built. */
export async function preflightDuet(places: {
  readonly out: string;
  readonly reports: ReportPlaces;
  /** The folder of the records: `duets` unless given. */
  readonly records?: 'duets' | 'calibrations';
}): Promise<void> {
  const { out, reports, records = 'duets' } = places;
  const problems = await problemsOf([
    () => assertWritable(join(out, records)),
    () => assertWritable(join(out, 'logs')),
    () => assertPublishable(reports),
  ]);
  if (problems.length > 0) throw new PlimsollError(problems);
}

async function problemsOf(checks: readonly (() => Promise<void>)[]): Promise<PlimsollError['problems']> {
  const problems: PlimsollError['problems'][] = [];
  for (const check of checks) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      problems.push(error.problems);
    }
  }
  // Scenarios that start the same API on the same port have the same mistake.
  return [...new Map(problems.flat().map(problem => [describeProblem(problem), problem])).values()];
}
