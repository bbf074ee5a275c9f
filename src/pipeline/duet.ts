import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LayoutWish } from '../config/duet-flags.ts';
import { layoutOf, steadyPlan } from '../engine/duet-layout.ts';
import { judgeDuet } from '../judge/duet/judge.ts';
import type { Contestant, DuetEnd, DuetJudgement, DuetRecord, DuetUnit, JudgedDuet } from '../model/duet.ts';
import { PlimsollError, problem } from '../model/error.ts';
import { errorLine } from '../model/error-line.ts';
import { type ExitCode, exitCodeOf, interruptSignalOf } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import { redactor } from '../model/secret.ts';
import { version } from '../model/version.ts';
import { calibrationSentence } from '../report/calibration-wording.ts';
import { calibrationFor, type FoundCalibration } from '../store/calibration-file.ts';
import { writeDuet } from '../store/duet-file.ts';
import { fingerprintOf } from '../store/fingerprint.ts';
import type { PreparedDuet } from './duet-preparation.ts';
import { refStage } from './duet-refs.ts';
import type { Stage, StageEvent } from './duet-stage.ts';
import { playUnit, sideByCoin, type UnitProgress, type UnitTerms } from './duet-unit.ts';
import { urlStage } from './duet-urls.ts';

/** What happens during a duet, for people who watch it. */
export type DuetEvent =
  | { readonly kind: 'unit'; readonly number: number; readonly progress: UnitProgress }
  /** A unit is over: how things stand, and how long one takes. */
  | { readonly kind: 'stands'; readonly units: readonly DuetUnit[]; readonly judgement: DuetJudgement };

/** What a duet needs besides what was prepared. */
export interface DuetOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly allowHosts: readonly string[];
  /** The folder for records and logs. */
  readonly out: string;
  /** The command that repeats the duet. */
  readonly command: string;
  readonly layout: LayoutWish;
  /** Decides every coin; drawn where it is left out. */
  readonly seed?: number | undefined;
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: (event: DuetEvent | StageEvent) => void;
}

/** A judged duet and the file that holds its record. */
export interface SavedDuet extends JudgedDuet {
  /** Null where it could not be written. */
  readonly file: string | null;
  readonly problems: readonly PlimsollError[];
}

/**
 * Builds and starts both sides where they are refs, loads them in turn until the judge has seen enough, keeps the
 * record, and removes whatever was made. Throws the interrupt's reason and what building or starting throws where
 * there is no unit yet; later, what was measured is judged as far as it goes.
 */
export async function runDuet(prepared: PreparedDuet, options: DuetOptions): Promise<SavedDuet> {
  const { plan } = prepared;
  assertPlayable(plan);
  const seed = options.seed ?? randomInt(2 ** 32);
  const stage = await openStage(prepared, seed, options);
  try {
    return await playOn(stage, prepared, { ...options, seed });
  } finally {
    await stage.close();
  }
}

/** What a stage needs. */
export interface StageOptions extends Pick<DuetOptions, 'cwd' | 'env' | 'out' | 'allowHosts' | 'interrupt'> {
  readonly onEvent?: (event: StageEvent) => void;
}

/** The stage of two refs or of two URLs. */
export async function openStage(
  { plan, serve, names }: PreparedDuet,
  seed: number,
  { cwd, env, out, allowHosts, interrupt: signal, onEvent }: StageOptions,
): Promise<Stage> {
  if (serve === null) return await urlStage(names, allowHosts);
  const firstFolder = sideByCoin(seed, 'folders', 0);
  const event = (one: StageEvent) => onEvent?.(one);
  return await refStage({ plan, serve, refs: names, cwd, env, out, firstFolder, signal, onEvent: event });
}

async function playOn(
  stage: Stage,
  { plan, budgets }: PreparedDuet,
  options: DuetOptions & { readonly seed: number },
): Promise<SavedDuet> {
  const { cwd, env, out, command, seed } = options;
  const layout = { ...layoutOf(plan, stage.unit), ...options.layout };
  const startedAt = new Date();
  const header: Omit<DuetRecord['header'], 'durationMs'> = {
    id: randomUUID(),
    scenario: plan.scenario,
    digest: plan.digest,
    file: plan.file,
    startedAt: startedAt.toISOString(),
    command,
    seed,
    fingerprint: await fingerprintOf({ targetHost: hostOf(stage), plimsoll: version, cwd, env }),
  };
  const recordOf = (units: readonly DuetUnit[], end: DuetEnd): DuetRecord => ({
    schemaVersion: 1,
    header: { ...header, durationMs: Date.now() - startedAt.getTime() },
    contestants: stage.contestants,
    layout,
    units,
    end,
  });
  const known = await calibrationFor(join(out, 'calibrations'), header);
  const judged = (units: readonly DuetUnit[]) => {
    const duet = recordOf(units, { state: 'decided' });
    const judgement = judgeDuet(duet, budgets, known.calibration?.findings.startSpread ?? null);
    return { ...judgement, notes: [...judgement.notes, ...calibrationNotes(known, stage)] };
  };

  const terms = { plan: steadyPlan(plan, layout), layout, seed };
  const { units, end } = await playAll(stage, terms, judged, options);
  const record = redacted(recordOf(units, end), plan);
  const judgement = judgementAt(judged(units), end);
  const saved = await saveIn(join(out, 'duets'), record);
  return { record, judgement, exitCode: exitCodeOfDuet(judgement, end), ...saved };
}

/** What a calibration on this machine says of such duets, and which ones could not be read. */
function calibrationNotes({ calibration, skipped }: FoundCalibration, { unit }: Stage): readonly string[] {
  const damaged = skipped.map(({ file }) => `The calibration ${file} was passed over: it is damaged.`);
  if (calibration === null || calibration.layout.unit !== unit) return damaged;
  const day = calibration.header.startedAt.slice(0, 10);
  return [`Calibrated on ${day}: ${calibrationSentence(calibration)}`, ...damaged];
}

/** The host that the load goes to; builds are served on this machine. */
export function hostOf({ contestants: { head } }: Stage): string {
  return head.kind === 'url' ? new URL(head.url).hostname : '127.0.0.1';
}

/** Refuses a plan whose engine cannot take turns. */
export function assertPlayable({ engine, file, scenario }: Plan): void {
  if (engine === 'http') return;
  throw problem('value.wrong', {
    where: `${file ?? scenario}, engine`,
    found: engine,
    expected: 'engine: http, since a duet loads its sides in turns of a quarter of a second',
  });
}

async function playAll(
  stage: Stage,
  terms: UnitTerms,
  judged: (units: readonly DuetUnit[]) => DuetJudgement,
  { interrupt, onEvent }: DuetOptions,
): Promise<{ readonly units: readonly DuetUnit[]; readonly end: DuetEnd }> {
  const units: DuetUnit[] = [];
  for (let number = 1; ; number += 1) {
    try {
      const outcome = await playUnit(stage, number, {
        ...terms,
        interrupt,
        onProgress: progress => onEvent?.({ kind: 'unit', number, progress }),
      });
      if (outcome.state !== 'measured') return { units, end: outcome };
      units.push(outcome.unit);
    } catch (error) {
      const end = units.length > 0 ? endBy(error, interrupt) : null;
      if (end === null) throw error;
      return { units, end };
    }
    const judgement = judged(units);
    onEvent?.({ kind: 'stands', units, judgement });
    if (judgement.progress.state === 'over') return { units, end: { state: 'decided' } };
  }
}

/** How a duet ends by what was thrown between its units; null for what is nobody's mistake but ours. */
function endBy(error: unknown, interrupt: AbortSignal | undefined): DuetEnd | null {
  if (interrupt?.aborted && error === interrupt.reason) {
    return { state: 'interrupted', signal: interruptSignalOf(interrupt) };
  }
  return error instanceof PlimsollError ? { state: 'broken', reason: errorLine(error) } : null;
}

/** A duet that broke is no measurement, whatever its units showed, unless they had settled it. */
function judgementAt(judgement: DuetJudgement, end: DuetEnd): DuetJudgement {
  if (end.state !== 'broken') return judgement;
  return {
    ...judgement,
    verdict: 'invalid',
    notes: [`The duet broke off: ${end.reason}`, ...judgement.notes],
  };
}

function exitCodeOfDuet({ verdict, onInconclusive }: DuetJudgement, end: DuetEnd): ExitCode {
  const completion = end.state === 'interrupted' ? end : ({ state: 'complete' } as const);
  return exitCodeOf(verdict, completion, onInconclusive);
}

/** Without the secrets of the plan, wherever they may have got in. */
function redacted(record: DuetRecord, { secrets }: Plan): DuetRecord {
  const clean = redactor(secrets);
  const { end, contestants, header } = record;
  const url = (side: Contestant) => (side.kind === 'url' ? { ...side, url: clean(side.url) } : side);
  return {
    ...record,
    header: { ...header, command: clean(header.command) },
    contestants: { base: url(contestants.base), head: url(contestants.head) },
    end: end.state === 'broken' ? { ...end, reason: clean(end.reason) } : end,
  };
}

async function saveIn(folder: string, record: DuetRecord): Promise<Pick<SavedDuet, 'file' | 'problems'>> {
  try {
    return { file: await writeDuet(folder, record), problems: [] };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { file: null, problems: [error] };
  }
}
