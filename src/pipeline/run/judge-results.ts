import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { metricTable } from '../../analysis/metrics/table.ts';
import { budgetsFor, type CheckedBudgets, checkBudgets, readBudgetsFile } from '../../config/budgets.ts';
import { type ForeignResults, readResults } from '../../config/results/read-results.ts';
import { valueAt } from '../../config/source/place.ts';
import { problem } from '../../model/error.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Measurement, RunRecord } from '../../model/run/record.ts';
import type { ResultTool } from '../../model/run/results.ts';
import { version } from '../../model/version.ts';
import { redactRecord } from '../../safety/redact.ts';
import { Histogram } from '../../stats/histogram.ts';
import { nearest } from '../../words/nearest.ts';
import type { BudgetsOfRecords } from './judge-file.ts';
import { judgeRecord } from './run.ts';

/** Which results are judged, and by whose budgets. */
export interface ResultsOptions extends BudgetsOfRecords {
  readonly tool: ResultTool;
  /** The command that repeats it. */
  readonly command: string;
  /** The scenario whose budgets apply; found out where it is left out. */
  readonly scenario?: string | undefined;
}

/**
 * Judges another tool's results by a budgets file, or by the default limits where that is null. What the results do not hold
 * is `inconclusive`. Throws a `PlimsollError` where the file or the budgets are missing or wrong.
 */
export async function judgeResults(
  file: string,
  { budgets, command, cwd, tool, scenario: asked }: ResultsOptions,
): Promise<JudgedRun> {
  const checked =
    typeof budgets === 'string' ? await readBudgetsFile(budgets, cwd) : budgets && checkBudgets(budgets);
  const scenario = scenarioOf(checked, file, asked);
  const named = namesAt(checked, 'scenarios', scenario, 'endpoints');
  const results = await readResults({ file, cwd, tool, known: named });
  const { endpoints, origin } = results;
  const measured = origin.endpoints === 'none' ? [] : endpoints.map(({ name }) => name);
  const subject = {
    scenario,
    // Endpoints that the results cannot tell apart have budgets nobody can judge, which is no mistake of the budgets.
    endpoints: origin.endpoints === 'all' ? measured : [...new Set([...measured, ...named])],
    stages: Number.POSITIVE_INFINITY,
    timeoutMs: Number.POSITIVE_INFINITY,
    // Limits on what no tool tells are inconclusive, and so no error either.
    signals: metricTable.flatMap(({ metric, offered }) =>
      offered.flatMap(name => metric(name)?.signal ?? []),
    ),
    file: null,
    others: null,
  };
  const record = await recordOf(results, { command, file, cwd, scenario });
  return judgeRecord(record, { ...budgetsFor(checked, subject), requireBaseline: false });
}

/**
 * The scenario whose budgets apply: the one that is asked for; else the only one of the budgets; else the one that is named as
 * the file is. Budgets without scenarios apply to any.
 */
function scenarioOf(budgets: CheckedBudgets | null, file: string, asked: string | undefined): string {
  const names = namesAt(budgets, 'scenarios');
  const ofFile = basename(file).replace(/\.[^.]*$/, '') || basename(file);
  if (names.length === 0) return asked ?? ofFile;
  const [only] = names;
  if (asked === undefined && names.length === 1 && only !== undefined) return only;
  const meant = asked ?? ofFile;
  if (names.includes(meant)) return meant;
  const near = asked === undefined ? undefined : nearest(asked, names);
  throw problem('results.no-scenario', {
    where: asked === undefined ? file : '--scenario',
    found: asked === undefined ? `budgets of ${names.length} scenarios` : JSON.stringify(asked),
    expected: `a scenario of ${budgets?.document.file ?? 'the budgets'}: ${names.join(', ')}`,
    instead: `--scenario ${near ?? names[0] ?? 'NAME'}`,
  });
}

function namesAt(budgets: CheckedBudgets | null, ...path: readonly string[]): readonly string[] {
  const value = budgets === null ? undefined : valueAt(budgets.document.value, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** A record that is judged and rendered, and never stored: what another tool does not tell of itself is left empty. */
async function recordOf(
  { origin, windows, endpoints, startedMs, durationMs, target }: ForeignResults,
  {
    command,
    file,
    cwd,
    scenario,
  }: { readonly command: string; readonly file: string; readonly cwd: string; readonly scenario: string },
): Promise<RunRecord> {
  const started =
    startedMs !== null && startedMs < 8.64e15 ? startedMs : (await stat(resolve(cwd, file))).mtimeMs;
  const nothing = Histogram.nothing();
  const measurement: Measurement = {
    completion: { state: 'complete' },
    windows,
    endpoints,
    load: { model: 'open', offered: null, delivered: 0, abandoned: 0, sent: 0 },
    connections: {
      attempts: 0,
      errors: {},
      closedIdle: 0,
      peak: 0,
      queued: 0,
      max: null,
      connect: nothing,
      tls: nothing,
      insecure: false,
    },
    generator: {
      engine: 'http',
      pacing: 'economical',
      workers: 0,
      busy: null,
      sendLag: nothing,
      exhausted: {},
      sharesMachine: false,
    },
    slowest: [],
    failureSamples: [],
    drain: { durationMs: 0, completed: 0 },
    origin,
  };
  return redactRecord(
    {
      schemaVersion: 1,
      header: {
        id: basename(file),
        scenario,
        digest: '',
        file,
        startedAt: new Date(started).toISOString(),
        durationMs,
        target: target ?? '',
        command,
        timeoutMs: 0,
        fingerprint: {
          cpu: 'unknown',
          cores: 0,
          memoryMb: 0,
          os: 'unknown',
          node: 'unknown',
          plimsoll: version,
          ci: null,
          targetHost: 'unknown',
          git: null,
        },
      },
      measurement,
    },
    [],
  );
}
