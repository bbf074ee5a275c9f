import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LayoutOptions } from '../../config/duet-flags.ts';
import { layoutOf, steadyPlan } from '../../engine/slots/duet-layout.ts';
import { judgeDuet } from '../../judge/duet/judge.ts';
import type {
  DroppedRestart,
  DuetEnd,
  DuetLayout,
  DuetRecord,
  RepeatKind,
  Restart,
} from '../../model/duet/duet.ts';
import type { DuetJudgement, JudgedDuet } from '../../model/duet/duet-judgement.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { PlimsollError, rewritten } from '../../model/error.ts';
import { type ExitCode, exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { Plan } from '../../model/run/plan.ts';
import { version } from '../../model/version.ts';
import { redactor } from '../../safety/secret.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { keepRecord } from '../../store/files/kept-record.ts';
import { fingerprintOf } from '../../store/git/fingerprint.ts';
import { writeDuet } from '../../store/records/duet-file.ts';
import { withSecrets } from '../credentials/secrets.ts';
import { calibrationLore } from './calibration-lookup.ts';
import type { ContinuableDuet } from './continued-duet.ts';
import { type DuetEvent, type Played, playAll } from './duet-play.ts';
import type { PreparedDuet, SideNames } from './duet-preparation.ts';
import { closing, type DuetHead, type DuetSides, type SidesEvent } from './duet-sides.ts';
import { assertPlayable, assertReachable } from './playable.ts';
import { withoutPlanSecrets } from './record-secrets.ts';
import { refSides } from './ref-sides.ts';
import { urlSides } from './url-sides.ts';

/** What a duet needs besides what was prepared. */
export interface DuetOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly allowHosts: readonly string[];
  /** The folder for records and logs. */
  readonly out: string;
  /** The command that repeats the duet. */
  readonly command: string;
  readonly layout: LayoutOptions;
  /** Decides every coin; drawn where it is left out. */
  readonly seed?: number | undefined;
  /** How often each commit is built; 1 unless given. */
  readonly rebuild?: number | undefined;
  /** The duet of one head that is continued; a new one unless given. */
  readonly earlier?: ContinuableDuet | undefined;
  readonly interrupt?: AbortSignal | undefined;
  readonly onEvent?: (event: DuetEvent | SidesEvent) => void;
}

/** A judged duet and the file that holds its record. */
export interface SavedDuet extends JudgedDuet {
  /** Null where it could not be written there; `problems` says where it is instead. */
  readonly file: string | null;
  readonly problems: readonly PlimsollError[];
}

/** The duet of one head: see `runDuets`. */
export async function runDuet(prepared: PreparedDuet, options: DuetOptions): Promise<SavedDuet> {
  const [duet] = await runDuets(prepared, options);
  return duet as SavedDuet;
}

/**
 * Builds and starts base and the heads where they are refs, loads them in turn until the judge has seen enough of each head, keeps a
 * record of each, and removes whatever was made. Throws the interrupt's reason and what building or starting throws where
 * there is no restart yet; later, what was measured is judged as far as it goes. A duet that is continued has the restarts of its
 * record, its coins and one record of all.
 */
export async function runDuets(given: PreparedDuet, options: DuetOptions): Promise<readonly SavedDuet[]> {
  assertPlayable(given.plan);
  const plan = await withSecrets(given.plan, options);
  const prepared = { ...given, plan };
  const { names } = prepared;
  const { earlier } = options;
  const layout = earlier?.layout ?? layoutFor(plan, names, options.layout);
  assertReachable(plan, layout);
  const seed = earlier?.record.header.seed ?? options.seed ?? randomInt(2 ** 32);
  try {
    const duetSides = await openSides(prepared, seed, { ...options, earlier: earlier?.record });
    const { duets, problems } = await closing(
      duetSides,
      playOn(duetSides, prepared, { ...options, seed, layout }),
    );
    // What stays behind is of all of them, and told once.
    return duets.map((duet, index) =>
      index > 0 ? duet : { ...duet, problems: [...duet.problems, ...problems] },
    );
  } catch (error) {
    throw withoutSecrets(error, plan);
  }
}

/** An error that may quote commands or what servers wrote, without the secrets of the plan. */
export function withoutSecrets(error: unknown, { secrets }: Plan): unknown {
  return error instanceof PlimsollError ? rewritten(error, redactor(secrets)) : error;
}

/** What a duetSides needs. */
export interface SidesOptions extends Pick<DuetOptions, 'cwd' | 'env' | 'out' | 'allowHosts' | 'interrupt'> {
  readonly onEvent?: (event: SidesEvent) => void;
  /** Whether both sides are one commit on purpose. */
  readonly isItself?: boolean;
  /** How often each commit is built; 1 unless given. */
  readonly rebuild?: number | undefined;
  /** What was measured before, where it is continued. */
  readonly earlier?: DuetRecord | undefined;
}

/** The duetSides of refs or of URLs. */
export async function openSides(
  { plan, serve, names }: PreparedDuet,
  seed: number,
  {
    cwd,
    env,
    out,
    allowHosts,
    interrupt: signal,
    onEvent,
    isItself = false,
    rebuild = 1,
    earlier,
  }: SidesOptions,
): Promise<DuetSides> {
  if (names.kind === 'urls') return await urlSides(names, allowHosts, plan.proxies);
  if (serve === null) throw new RangeError('refs that nothing says how to serve');
  const event = (one: SidesEvent) => onEvent?.(one);
  const refs = { refs: names, isItself, seed, buildsPerSide: rebuild, earlier };
  return await refSides({ plan, serve, ...refs, cwd, env, out, signal, onEvent: event });
}

async function playOn(
  duetSides: DuetSides,
  { plan, budgets, gate }: PreparedDuet,
  options: Omit<DuetOptions, 'layout'> & { readonly seed: number; readonly layout: DuetLayout },
): Promise<{ readonly duets: readonly SavedDuet[]; readonly problems: readonly PlimsollError[] }> {
  const { cwd, env, out, command, seed, layout } = options;
  const earlier = options.earlier?.record;
  const startedAt = new Date();
  const header: Omit<DuetRecord['header'], 'durationMs' | 'id'> = {
    scenario: plan.scenario,
    digest: plan.digest,
    file: plan.file,
    startedAt: startedAt.toISOString(),
    command,
    seed,
    fingerprint: await fingerprintOf({ targetHost: hostOf(duetSides), plimsoll: version, cwd, env }),
  };
  const ids = duetSides.heads.map(() => randomUUID());
  const recordOf = (head: number, { restarts, dropped, end }: Omit<Played, 'repeated'>): DuetRecord => ({
    schemaVersion: 2,
    header: {
      ...(earlier?.header ?? { id: ids[head] as string, ...header }),
      durationMs: (earlier?.header.durationMs ?? 0) + Date.now() - startedAt.getTime(),
    },
    contestants: earlier?.contestants ?? (duetSides.heads[head] as DuetHead).contestants,
    layout,
    restarts,
    ...(dropped.length > 0 && { dropped }),
    ...(earlier && {
      continued: [
        ...(earlier.continued ?? []),
        { after: earlier.restarts.length, startedAt: startedAt.toISOString() },
      ],
    }),
    end,
    ...(earlier?.newer && { newer: earlier.newer }),
  });
  const { contestants } = headOf(duetSides);
  const [policy, looks] = [budgets.regression, duetLooks];
  const lore = await calibrationLore(out, { header, layout, looks, policy, contestants });
  const judged = (restarts: readonly Restart[], head: number, dropped: readonly DroppedRestart[] = []) => {
    const duet = recordOf(head, { restarts, dropped, end: { state: 'decided' } });
    const judgement = judgeDuet(duet, budgets, lore.spread);
    return { ...judgement, notes: [...judgement.notes.map(note => cleanNote(note, plan)), ...lore.notes] };
  };

  const terms = { plan: steadyPlan(plan, layout), layout, seed };
  const played = await playAll(duetSides, terms, judged, { ...options, before: earlier });
  const duets: SavedDuet[] = [];
  for (const [head, of] of played.entries()) {
    const { restarts, dropped, repeated, end } = of;
    const record = withoutPlanSecrets(recordOf(head, of), plan);
    const judgement = judgementAt(judged(restarts, head, dropped), record.end, [
      ...repeatedNotes(repeated.map(redactor(plan.secrets)), layout.repeat),
      ...(played.length > 1 ? [{ kind: 'sharedBase', heads: played.length } as const] : []),
      ...(duetSides.heads[head]?.notes() ?? []),
    ]);
    const saved = await keepRecord(join(out, 'duets'), folder => writeDuet(folder, record));
    const exitCode = exitCodeOfDuet(judgement, end);
    duets.push({ record, judgement, exitCode, ...(gate === null ? {} : { gate }), ...saved });
  }
  return { duets, problems: [] };
}

function layoutFor(plan: Plan, names: SideNames, options: LayoutOptions): DuetLayout {
  return names.kind === 'refs'
    ? layoutOf(plan, 'restart', options)
    : layoutOf(plan, 'round', options, names.base.length);
}

/** The first head, which is the only one of most duets. */
export function headOf({ heads }: DuetSides): DuetHead {
  return heads[0] as DuetHead;
}

/** The host that the load goes to; builds are served on this machine. */
export function hostOf(duetSides: DuetSides): string {
  const { head } = headOf(duetSides).contestants;
  return head.kind === 'url' ? new URL(head.url).hostname : '127.0.0.1';
}

function repeatedNotes(reasons: readonly string[], repeat: RepeatKind): readonly DuetNote[] {
  if (reasons.length === 0) return [];
  return [{ kind: 'playedAgain', count: reasons.length, reasons: [...new Set(reasons)], repeat }];
}

/** A duet that broke is no measurement, whatever its restarts showed, unless they had settled it. */
function judgementAt(judgement: DuetJudgement, end: DuetEnd, more: readonly DuetNote[]): DuetJudgement {
  const notes = [...judgement.notes, ...more];
  if (end.state !== 'broken') return { ...judgement, notes };
  return { ...judgement, verdict: 'invalid', notes: [{ kind: 'brokeOff', reason: end.reason }, ...notes] };
}

function exitCodeOfDuet({ verdict, onInconclusive }: DuetJudgement, end: DuetEnd): ExitCode {
  const completion = end.state === 'interrupted' ? end : ({ state: 'complete' } as const);
  return exitCodeOf(verdict, completion, onInconclusive);
}

/** A note that names URLs, without the secrets of the plan. */
function cleanNote(note: DuetNote, { secrets }: Plan): DuetNote {
  if (note.kind !== 'failedInstances') return note;
  const clean = redactor(secrets);
  return { ...note, instances: note.instances.map(({ side, url }) => ({ side, url: clean(url) })) };
}
