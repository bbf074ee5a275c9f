import { join } from 'node:path';
import { measure, notStarted } from '../../engine/measure.ts';
import type { Progress } from '../../engine/recording/progress.ts';
import type { StaffingOptions } from '../../engine/workers/staffing.ts';
import type { ProcessGroup } from '../../launch/process/process-group.ts';
import { type Served, serve } from '../../launch/process/serve.ts';
import { noting } from '../../launch/workspace/workspace.ts';
import { PlimsollError, type Problem, rewritten } from '../../model/error.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Measurement, ServerEnd } from '../../model/run/record.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { errorLine } from '../../words/error-line.ts';
import { withSecrets } from '../credentials/secrets.ts';
import { type Tokens, withTokens } from '../credentials/tokens.ts';
import { withDescription } from '../description/described-answers.ts';
import { afterSetup, teardown } from './framing.ts';
import type { PreparedRun } from './prepare.ts';
import { watchServed } from './served-watch.ts';

const hastyMs = 500;

/** What happens during a run, for people who watch it. */
export type RunEvent =
  | { readonly kind: 'serving'; readonly command: string; readonly logFile: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** The run before was no measurement by the generator's doing: it is made again. */
  | {
      readonly kind: 'repeating';
      /** Which attempt begins, of how many at most. */
      readonly attempt: number;
      readonly attempts: number;
      readonly last: JudgedRun;
    }
  /** One of several runs of the same load begins. */
  | { readonly kind: 'playing'; readonly number: number; readonly of: number }
  /** The API that was started for the run ended before the run did. */
  | { readonly kind: 'serverEnded'; readonly end: ServerEnd };

/** What serving and measuring need besides the plan. */
export interface AttemptOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The folder for logs. */
  readonly out: string;
  /** Threads and pacing; by the plan and the machine where it is left out. */
  readonly staffing?: StaffingOptions;
  /** Aborted with the signal's name as its reason, it ends the run early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** A measurement, and what kept it from being one: nothing, or that there was nothing to send load to. */
export interface Attempt {
  readonly measurement: Measurement;
  readonly problems: readonly PlimsollError[];
  /** Everything that must not be written anywhere: the plan's secrets, and what was captured. */
  readonly secrets: readonly string[];
}

/**
 * Serves the API where the scenario says so and measures; whatever was started is stopped again. Where the API does not
 * start, or its name did not resolve, the measurement is empty and says why. Throws the interrupt's reason where it
 * comes before the API is ready.
 */
export async function attempt(given: PreparedRun, options: AttemptOptions): Promise<Attempt> {
  const { unresolved } = given;
  if (unresolved !== null) return nothingToLoad(given.plan, unresolved);
  const plan = await withSecrets(given.plan, options);
  const prepared = { ...given, plan };
  if (plan.serve === null) return await attemptNoted(prepared, options);
  return await noting(note => attemptNoted(prepared, options, note));
}

async function attemptNoted(
  prepared: PreparedRun,
  options: AttemptOptions,
  note?: (group: ProcessGroup) => void,
): Promise<Attempt> {
  const { plan } = prepared;
  const redaction = new LearningRedactor(plan.secrets);
  let served: Served | null;
  try {
    served = await serveFor(prepared, redaction, options, note);
  } catch (error) {
    if (error instanceof PlimsollError) return nothingToLoad(plan, rewritten(error, redaction.clean));
    throw error;
  }
  // After SIGTERM there is no time for the usual grace: the record is still to be saved.
  const stop = () => served?.stop(options.interrupt?.reason === 'SIGTERM' ? hastyMs : undefined);
  let measurement: Measurement;
  const problems: PlimsollError[] = [];
  const terms = { addresses: prepared.addresses, interrupt: options.interrupt };
  let tokens: Tokens | null = null;
  try {
    const { tokenAddresses: addresses } = prepared;
    tokens = await withTokens(plan, { redaction, interrupt: options.interrupt, addresses });
    const ready = await afterSetup(tokens.plan, redaction, terms);
    measurement = await measured({ ...prepared, plan: ready }, served, redaction, options, tokens.keepFresh);
    const stale = tokens.stop();
    if (stale !== null) problems.push(stale);
    const described = { plan: ready, description: prepared.description };
    measurement = await withDescription(described, measurement, redaction, terms);
    const { problem } = await teardown(ready, redaction, { addresses: prepared.addresses });
    if (problem !== null) problems.push(problem);
  } catch (error) {
    tokens?.stop();
    await stop()?.catch(() => {});
    if (error instanceof PlimsollError && error.problems.some(isBeforeTheLoad)) {
      return { ...nothingToLoad(plan, error), secrets: redaction.secrets };
    }
    throw error;
  }
  // What cannot be stopped is told beside what was measured, not instead.
  await stop()?.catch((error: unknown) => {
    if (!(error instanceof PlimsollError)) throw error;
    problems.push(error);
  });
  const droppedLogBytes = served?.droppedLogBytes() ?? 0;
  if (droppedLogBytes > 0) measurement = { ...measurement, droppedLogBytes };
  return { measurement, problems, secrets: redaction.secrets };
}

/** Serves the API where the scenario says so for as long as something else than a load takes. */
export async function whileServed<Result>(
  prepared: PreparedRun,
  redaction: LearningRedactor,
  options: AttemptOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (prepared.plan.serve === null) return await work();
  return await noting(async note => {
    const served = await serveFor(prepared, redaction, options, note);
    try {
      return await work();
    } finally {
      await served?.stop(options.interrupt?.reason === 'SIGTERM' ? hastyMs : undefined);
    }
  });
}

const isBeforeTheLoad = ({ code }: Problem) => code === 'setup.failed' || code === 'auth.token-failed';

function nothingToLoad(plan: Plan, error: PlimsollError): Attempt {
  return { measurement: notStarted(plan, errorLine(error)), problems: [error], secrets: plan.secrets };
}

async function serveFor(
  { plan, addresses }: PreparedRun,
  { clean }: LearningRedactor,
  options: AttemptOptions,
  onStart?: (group: ProcessGroup) => void,
): Promise<Served | null> {
  if (plan.serve === null) return null;
  const { env, out, interrupt, onEvent } = options;
  const logFile = join(out, 'logs', `${plan.scenario.replace(/[^\w.-]+/g, '-')}.log`);
  onEvent?.({ kind: 'serving', command: clean(plan.serve.start), logFile });
  const served = await serve(plan.serve, {
    target: { ...plan.target, addresses },
    tls: plan.transport.tls,
    protocol: plan.transport.protocol,
    env,
    logFile,
    clean,
    onStart,
    ...(interrupt === undefined ? {} : { signal: interrupt }),
  });
  onEvent?.({ kind: 'ready' });
  return served;
}

async function measured(
  { plan, addresses }: PreparedRun,
  served: Served | null,
  { learn }: LearningRedactor,
  options: AttemptOptions,
  onFillable: Tokens['keepFresh'],
): Promise<Measurement> {
  const { interrupt, onEvent, staffing } = options;
  const watch =
    served &&
    watchServed(served, {
      target: { ...plan.target, addresses },
      interrupt,
      onEnd: end => onEvent?.({ kind: 'serverEnded', end }),
    });
  const measuring = measure(plan, {
    addresses,
    onSecrets: learn,
    onFillable,
    ...(served === null ? {} : { servedCpuUs: served.cpuUs }),
    ...(staffing === undefined ? {} : { staffing }),
    ...(interrupt === undefined ? {} : { interrupt }),
    onStart: () => watch?.loadBegins(),
    ...(onEvent === undefined ? {} : { onProgress: progress => onEvent({ kind: 'progress', progress }) }),
  });
  const serverEnd =
    (await measuring.then(
      () => watch?.close(),
      () => watch?.close(),
    )) ?? null;
  return serverEnd === null ? await measuring : { ...(await measuring), serverEnd };
}
