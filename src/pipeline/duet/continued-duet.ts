import { mismatchOf } from '../../analysis/likeness.ts';
import type { LayoutOptions } from '../../config/duet-flags.ts';
import { parseTarget } from '../../config/grammar/target-url.ts';
import { judgeDuet } from '../../judge/duet/judge.ts';
import {
  type DuetLayout,
  type DuetRecord,
  type OfBoth,
  type Side,
  type StartSpread,
  sides,
  urlsOf,
} from '../../model/duet/duet.ts';
import { type PlimsollError, problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Fingerprint } from '../../model/run/record.ts';
import { version } from '../../model/version.ts';
import { redacted, redactor } from '../../safety/secret.ts';
import { allLooks, duetLooks } from '../../stats/flips/sequential-test.ts';
import { fingerprintOf } from '../../store/git/fingerprint.ts';
import { commitOf } from '../../store/git/worktree.ts';
import { readDuet } from '../../store/records/duet-file.ts';
import { counted, number, span } from '../../words/quantity-text.ts';
import { calibrationLore } from './calibration-lookup.ts';
import type { PreparedDuet, SideNames } from './duet-preparation.ts';

/** A record of a duet that is to be continued, and its file. */
export interface EarlierDuet {
  readonly file: string;
  readonly record: DuetRecord;
}

/** The most restarts of a duet that is continued. */
const mostRestarts = allLooks.at(-1)?.restarts ?? 0;

/**
 * Reads the record of a duet that is to be continued. Throws `duet.not-continuable` where it ended in a way that more restarts do not
 * mend, beside what reading throws.
 */
export async function readEarlier(file: string): Promise<EarlierDuet> {
  const record = await readDuet(file);
  const { end, restarts, layout } = record;
  if (end.state === 'broken' && end.cause !== 'spoiled') {
    throw refusal(
      file,
      `it broke off after ${counted(restarts.length, layout.repeat)}`,
      'a duet that came to its end, was interrupted, or lacked a quiet machine',
    );
  }
  if (restarts.length === 0) throw refusal(file, 'it holds no restart', 'a duet with restarts to add to');
  return { file, record };
}

/** The sides of a duet as they are given: refs or URLs. */
interface GivenSides {
  readonly base: readonly string[] | undefined;
  readonly head: readonly string[] | undefined;
}

/**
 * The sides that are loaded: those that the record names, as long as nothing else is given. Throws `duet.not-continuable` where
 * secrets were taken out of a URL of the record.
 */
export function earlierNames({ file, record }: EarlierDuet, given: GivenSides): OfBoth<readonly string[]> {
  const [base = [], head = []] = sides.map(side => {
    const contestant = record.contestants[side];
    const named = given[side];
    if (named !== undefined) return named;
    if (contestant.kind === 'ref') return [contestant.commit];
    if (!contestant.url.includes(redacted)) return urlsOf(contestant);
    throw refusal(file, `${side} is ${contestant.url}`, `the URL with its secrets, in --${side}`);
  });
  return { base, head };
}

/** A duet that more restarts are added to. */
export interface ContinuableDuet {
  readonly record: DuetRecord;
  /** As it was, with the looks of a duet that is continued. */
  readonly layout: DuetLayout;
}

/**
 * Makes sure that more restarts are more of the same, and that they may settle what is open, before anything is built. Throws `duet.not-continuable`,
 * and what resolving refs throws.
 */
export async function continuable(
  earlier: EarlierDuet,
  prepared: Pick<PreparedDuet, 'plan' | 'names' | 'budgets'>,
  { cwd, env, out, layout }: ContinuingOptions,
): Promise<ContinuableDuet> {
  const { record } = earlier;
  const { budgets } = prepared;
  const asBefore = earlierLayout(earlier, layout);
  const { targetHost } = record.header.fingerprint;
  const fingerprint = await fingerprintOf({ targetHost, plimsoll: version, cwd, env });
  await assertSame(earlier, prepared, { fingerprint, cwd, env });
  const key = { ...record, looks: duetLooks, policy: budgets.regression };
  const { spread } = await calibrationLore(out, key);
  assertOpen(earlier, budgets, spread);
  return { record, layout: asBefore };
}

/** Where a duet is continued, and what is asked of its layout. */
interface ContinuingOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly out: string;
  readonly layout: LayoutOptions;
}

function earlierLayout({ file, record: { layout } }: EarlierDuet, asked: LayoutOptions): DuetLayout {
  const { slotMs = layout.slotMs, pairsPerRestart = layout.pairsPerRestart } = asked;
  if (slotMs !== layout.slotMs) {
    throw refusal(file, `--slot ${span(slotMs)}`, `${span(layout.slotMs)}, as it was, or no --slot`);
  }
  if (pairsPerRestart !== layout.pairsPerRestart) {
    throw refusal(file, `--pairs ${pairsPerRestart}`, `${layout.pairsPerRestart}, as it was, or no --pairs`);
  }
  return { ...layout, mostRestarts };
}

/** The same builds or URLs, the same workload, and the same kind of machine. */
async function assertSame(
  { file, record }: EarlierDuet,
  { plan, names }: Pick<PreparedDuet, 'plan' | 'names'>,
  {
    fingerprint,
    ...surroundings
  }: Pick<ContinuingOptions, 'cwd' | 'env'> & {
    readonly fingerprint: Fingerprint;
  },
): Promise<void> {
  if (names.kind === 'urls' && names.base.length + urlsOf(record.contestants.base).length > 2) {
    throw refusal(file, 'several instances a side', 'one instance: more rounds draw no other start');
  }
  if (names.kind === 'refs' && names.heads.length > 1) {
    throw refusal(file, counted(names.heads.length, 'head'), 'one head: a record holds one');
  }
  for (const side of sides) {
    const is = await identityOf(side, names, plan, surroundings);
    const contestant = record.contestants[side];
    const was = contestant.kind === 'ref' ? contestant.commit : contestant.url;
    if (is !== was) throw refusal(file, `${side} is ${is}`, `${was}, as it was, or no --${side}`);
  }
  const { workload, machine } = mismatchOf(record.header, { digest: plan.digest, fingerprint });
  if (workload) {
    throw refusal(
      file,
      `${plan.file ?? plan.scenario} is another workload than that of the record`,
      `the scenario as it was${record.header.file === null ? '' : `, ${record.header.file}`}`,
    );
  }
  const [other] = machine;
  if (other) {
    throw refusal(
      file,
      `${other.part} is ${other.run}`,
      `a machine of the same kind: ${other.part} ${other.baseline}`,
    );
  }
}

async function identityOf(
  side: Side,
  names: SideNames,
  { secrets }: Plan,
  { cwd, env }: Pick<ContinuingOptions, 'cwd' | 'env'>,
): Promise<string> {
  if (names.kind === 'refs') {
    return await commitOf(cwd, side === 'base' ? names.base : (names.heads[0] ?? ''), { env });
  }
  return redactor(secrets)(parseTarget(names[side][0] ?? '').url);
}

/** More restarts are never a second chance: what is decided stays so. */
function assertOpen(
  { file, record }: EarlierDuet,
  budgets: PreparedDuet['budgets'],
  spread: StartSpread | null,
): void {
  const { layout, restarts } = record;
  const { verdict } = judgeDuet(record, budgets, spread);
  if (verdict !== 'inconclusive') {
    throw refusal(file, `its verdict is ${verdict}`, 'an inconclusive duet: what is decided stays so');
  }
  const { progress } = judgeDuet({ ...record, layout: { ...layout, mostRestarts } }, budgets, spread);
  if (progress.state === 'goesOn') return;
  const measured = counted(restarts.length, layout.repeat);
  throw restarts.length >= mostRestarts
    ? refusal(
        file,
        `it has ${measured} already`,
        `fewer than ${number(mostRestarts)}, the most that are planned`,
      )
    : refusal(
        file,
        `after ${measured}, not even ${number(mostRestarts)} are likely to settle it`,
        'a duet that more restarts may settle: raise the rate, or measure on a quieter machine',
      );
}

function refusal(file: string, found: string, expected: string): PlimsollError {
  return problem('duet.not-continuable', { where: file, found, expected });
}
