import type { Scenario } from '../../config/schema/scenario-value.ts';
import { problem } from '../../model/error.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { runsOfRecords } from '../baselines/named-runs.ts';
import type { RunEvent } from '../run/attempt.ts';
import { clearedLeftBehind } from '../run/left-behind.ts';
import { preflight } from '../run/preflight.ts';
import { type PreparedRun, prepareRuns, type RunSource } from '../run/prepare.ts';
import type { SavedRun } from '../run/run.ts';
import { mostRepeats, runSeries } from '../run/series.ts';
import { withOptionNames } from './option-names.ts';
import { inFolder, type LoadOptions, surroundingsOf } from './options.ts';
import type { UrlRun } from './scenario.ts';

/** What a call of `run` may say besides what it runs. */
export interface RunCall extends LoadOptions {
  /** The base URL to load instead of the scenario's; nothing is started then. */
  readonly target?: string | undefined;
  /** One or more earlier runs, which the run is compared with. */
  readonly baseline?: RunRecord | readonly RunRecord[] | undefined;
  /** Threads that send load. Default: `auto`. */
  readonly workers?: number | 'auto' | undefined;
  /** Spin for exact sends, or spare the processor. Default: `auto`. */
  readonly pacing?: 'auto' | 'precise' | 'economical' | undefined;
  /** How often a run is made again that is no measurement by the doing of the load generator. Default: 0. */
  readonly retries?: number | undefined;
  /** How often the load is played; each budget is then judged by its median. Default: 1. */
  readonly repeat?: number | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Loads an API by a scenario, the path of its file, or a URL with a rate or users; measures, compares and judges. Throws a
 * `PlimsollError` where anything that was written is wrong: nothing was sent then. A run that could not be measured is
 * not thrown but judged `invalid`. Throws the signal's reason where it comes before anything was measured.
 */
export function run(subject: string | Scenario | UrlRun, options: RunCall = {}): Promise<SavedRun> {
  return withOptionNames(inFolder(options, folder => runIn(folder, subject, options)));
}

async function runIn(
  folder: string,
  subject: string | Scenario | UrlRun,
  options: RunCall,
): Promise<SavedRun> {
  const { command, ...surroundings } = surroundingsOf(options);
  const { signal, onEvent, baseline, workers = 'auto', pacing = 'auto', retries = 0, repeat = 1 } = options;
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > mostRepeats) {
    const expected = `a whole number from 1 to ${mostRepeats}`;
    throw problem('command.invalid-value', { where: 'repeat', found: String(repeat), expected });
  }
  const [prepared] = (await prepareRuns([sourceOf(subject, options)], surroundings)) as [PreparedRun];
  await clearedLeftBehind(surroundings.env);
  await preflight([prepared], { out: folder, reports: { subject: 'run', folder: null, summary: null } });
  signal?.throwIfAborted();
  const earlier = baseline === undefined ? null : runsOfRecords([baseline].flat());
  return await runSeries(prepared, {
    repeat,
    retries,
    cwd: surroundings.cwd,
    env: surroundings.env,
    out: folder,
    command,
    staffing: { workers, pacing },
    ...(signal === undefined ? {} : { interrupt: signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(earlier === null ? {} : { baseline: { baselines: null, named: earlier } }),
  });
}

function sourceOf(subject: string | Scenario | UrlRun, { target }: RunCall): RunSource {
  if (typeof subject === 'string') return { kind: 'file', file: subject, target };
  if (!('url' in subject)) return { kind: 'value', value: subject, target };
  const { headers = {}, ...flags } = subject;
  return {
    kind: 'flags',
    flags: { ...flags, headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`) },
  };
}
