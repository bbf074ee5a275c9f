import { randomInt, randomUUID } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import type { LayoutOptions } from '../../config/duet-flags.ts';
import { layoutOf, steadyPlan } from '../../engine/slots/duet-layout.ts';
import { judgeCalibration, type SimulationProgress, usualSimulation } from '../../judge/calibration/judge.ts';
import { assertDelayable } from '../../launch/proxy/delaying-proxy.ts';
import type { Calibration, CalibrationFindings, CalibrationRestart } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { DuetLayout } from '../../model/duet/duet.ts';
import { type PlimsollError, problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { version } from '../../model/version.ts';
import { redactor } from '../../safety/secret.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { keepRecord } from '../../store/files/kept-record.ts';
import { fingerprintOf } from '../../store/git/fingerprint.ts';
import { writeCalibration } from '../../store/records/calibration-file.ts';
import { calibrationsFolder } from '../baselines/baselines.ts';
import { withSecrets } from '../credentials/secrets.ts';
import { headOf, hostOf, openSides, withoutSecrets } from '../duet/duet.ts';
import { outcomeBy } from '../duet/duet-play.ts';
import type { PreparedDuet } from '../duet/duet-preparation.ts';
import { closing, type DuetSides, type SidesEvent } from '../duet/duet-sides.ts';
import { assertPlayable, assertReachable } from '../duet/playable.ts';
import { sameUrlSides } from '../duet/url-sides.ts';
import { type PhaseProgress, type PhasesOutcome, playPhases } from './calibration-restart.ts';
import { planThroughProxies } from './delayed-sides.ts';

/** What happens during a calibration, for people who watch it. */
export type CalibrationEvent =
  | {
      readonly kind: 'phase';
      readonly number: number;
      readonly of: number;
      readonly progress: PhaseProgress;
      /** How long the restarts so far took, in ms; 0 of none. */
      readonly meanRestartMs: number;
    }
  | { readonly kind: 'judging'; readonly progress: SimulationProgress };

/** What a calibration needs besides what was prepared: a duet of something with itself. */
export interface CalibrateOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly allowHosts: readonly string[];
  /** The folder for records and logs. */
  readonly out: string;
  /** The command that repeats the calibration. */
  readonly command: string;
  readonly layout: LayoutOptions;
  readonly restarts: number;
  /** The shares by which answers are delayed, all of them and the slowest tenth alone. */
  readonly effects: readonly number[];
  /** Decides every coin; drawn where it is left out. */
  readonly seed?: number | undefined;
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: (event: CalibrationEvent | SidesEvent) => void;
}

/** A calibration and the file that holds it. */
export interface SavedCalibration {
  readonly calibration: Calibration;
  /** Null where it could not be written. */
  readonly file: string | null;
  readonly problems: readonly PlimsollError[];
}

/**
 * Measures a build, or an API that runs already, against itself, without and with known delays on one side, and keeps
 * what duets of this scenario find on this machine. Throws the interrupt's reason, what building or starting throws,
 * `target.invalid` of a target over TLS, and `calibration.broken-off`; then nothing is kept, and nothing left behind.
 */
export async function runCalibration(
  given: PreparedDuet,
  options: CalibrateOptions,
): Promise<SavedCalibration> {
  assertPlayable(given.plan);
  const plan = await withSecrets(given.plan, options);
  const prepared = { ...given, plan };
  assertDelayable(plan.target);
  refuseHttp2(plan);
  assertReachable(plan, layoutOf(plan, prepared.serve === null ? 'round' : 'restart', options.layout));
  try {
    return await calibrated(prepared, { ...options, seed: options.seed ?? randomInt(2 ** 32) });
  } catch (error) {
    throw withoutSecrets(error, plan);
  }
}

async function calibrated(prepared: PreparedDuet, options: Seeded): Promise<SavedCalibration> {
  const { plan, budgets } = prepared;
  const { cwd, env, seed } = options;
  const duetSides =
    prepared.serve === null
      ? await sameUrlSides([prepared.names.base].flat()[0] ?? '', options.allowHosts)
      : await openSides(prepared, seed, { ...options, isItself: true });
  const startedAt = new Date();
  const measured = await closing(duetSides, measureRestarts(duetSides, prepared, options));
  const { layout, restarts, problems } = measured;
  const durationMs = Date.now() - startedAt.getTime();
  const findings = await judged(measured, prepared, options);
  const clean = redactor(plan.secrets);
  const contestant = headOf(duetSides).contestants.head;
  const calibration: Calibration = {
    schemaVersion: 2,
    header: {
      id: randomUUID(),
      scenario: plan.scenario,
      digest: plan.digest,
      file: plan.file,
      startedAt: startedAt.toISOString(),
      durationMs,
      command: clean(options.command),
      seed,
      fingerprint: await fingerprintOf({ targetHost: hostOf(duetSides), plimsoll: version, cwd, env }),
    },
    contestant: contestant.kind === 'url' ? { ...contestant, url: clean(contestant.url) } : contestant,
    layout,
    looks: duetLooks,
    policy: budgets.regression,
    restarts,
    findings,
  };
  const folder = calibrationsFolder(options.out);
  const kept = await keepRecord(folder, place => writeCalibration(place, calibration));
  return { calibration, ...kept, problems: [...problems, ...kept.problems] };
}

interface Measured {
  readonly layout: DuetLayout;
  readonly restarts: readonly CalibrationRestart[];
  readonly problems: readonly PlimsollError[];
}

/** The most restarts that are played again, since a start failed or the machine was busy elsewhere. */
const mostRepeated = 3;

type Seeded = CalibrateOptions & { readonly seed: number };

async function measureRestarts(
  duetSides: DuetSides,
  { plan, serve }: PreparedDuet,
  options: Seeded,
): Promise<Measured> {
  const { interrupt, onEvent, effects, restarts: of, seed, out, env } = options;
  const layout = layoutOf(plan, duetSides.repeat, options.layout);
  const steady = steadyPlan(plan, layout);
  // Builds listen on whatever port is free, so that none is theirs by name.
  const played = serve === null ? planThroughProxies(steady) : steady;
  const restarts: CalibrationRestart[] = [];
  const began = performance.now();
  let repeated = 0;
  while (restarts.length < of) {
    const number = restarts.length + 1;
    const meanRestartMs = number === 1 ? 0 : (performance.now() - began) / (number - 1);
    const outcome = await playPhases(duetSides, number, repeated, {
      plan: played,
      layout,
      seed,
      out,
      env,
      rules: rulesOf(effects),
      interrupt,
      onNote: sentence => onEvent?.({ kind: 'note', sentence }),
      onProgress: progress => onEvent?.({ kind: 'phase', number, of, progress, meanRestartMs }),
    }).catch((error: unknown): PhasesOutcome => {
      const failed = restarts.length > 0 ? outcomeBy(error, interrupt) : null;
      if (failed === null) throw error;
      return failed;
    });
    if (outcome.state === 'interrupted') throw interrupt?.reason;
    if (outcome.state === 'measured') {
      restarts.push(outcome.restart);
    } else if (outcome.state === 'spoiled' && repeated < mostRepeated) {
      repeated += 1;
      onEvent?.({ kind: 'note', sentence: `${layout.repeat} ${number} is played again: ${outcome.reason}` });
    } else {
      const found = `${outcome.reason.replace(/\.$/, '')}, in ${layout.repeat} ${number} of ${of}`;
      throw problem('calibration.broken-off', { found, expected: 'both sides to answer until the end' });
    }
  }
  return { layout, restarts, problems: [] };
}

/** Nothing first, then each effect on all answers and on the slowest tenth. */
function rulesOf(effects: readonly number[]): readonly DelayRule[] {
  return [
    { kind: 'none' },
    ...(['scale', 'tail'] as const).flatMap(kind => effects.map(factor => ({ kind, factor }))),
  ];
}

/** Judging takes a minute of thought, in which an interrupt is still heard. */
async function judged(
  { restarts, layout }: Measured,
  { budgets }: PreparedDuet,
  { seed, interrupt, onEvent }: Seeded,
): Promise<CalibrationFindings> {
  const terms = {
    layout,
    policy: budgets.regression,
    budgets: budgets.budgets,
    seed,
    simulated: usualSimulation,
  };
  const simulation = judgeCalibration(restarts, terms);
  for (let next = simulation.next(); ; next = simulation.next()) {
    if (next.done) return next.value;
    onEvent?.({ kind: 'judging', progress: next.value });
    await breath();
    interrupt?.throwIfAborted();
  }
}

/** The delaying proxy reads HTTP/1.1. */
function refuseHttp2({ transport, file, scenario }: Plan): void {
  if (transport.protocol !== 'http2') return;
  throw problem('calibration.unsupported-protocol', {
    where: `${file ?? scenario}, protocol`,
    found: 'protocol: http2',
    expected: 'protocol: http1',
  });
}
