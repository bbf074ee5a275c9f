import { isCalled } from '../../analysis/subject.ts';
import { problem } from '../../model/error.ts';
import { regressionsIn } from '../../model/judgement/regression.ts';
import type { Acceptance, RecordHeader } from '../../model/run/record.ts';
import type { Git, GitEnvironment } from '../../store/git/git.ts';
import type { Baselines } from '../baselines/baselines.ts';
import { acceptedIn, comparisonFor } from '../baselines/comparison.ts';
import { budgetsOfRecord } from './judge-file.ts';
import { fitRecord, type SaveRequest, verdictMark } from './save.ts';

/** Which run is accepted, and why. */
export interface AcceptRequest extends Omit<SaveRequest, 'files'> {
  /** The latest run of all where it is left out. */
  readonly scenario: string | undefined;
  readonly reason: string;
  readonly now: Date;
}

/** The run that is a baseline from now on. */
export interface Accepted {
  readonly header: RecordHeader;
  readonly acceptance: Acceptance;
  readonly where: string;
}

/**
 * Saves the latest run as the new baseline, with who accepts what is worse in it and why. Throws `store.no-run` where there
 * is none, and `record.not-a-measurement` of one that can be no baseline.
 */
export async function acceptRun(baselines: Baselines, request: AcceptRequest): Promise<Accepted> {
  const { scenario, reason, targetBranch, now } = request;
  const { runs } = baselines;
  const latest = (await runs.list()).runs.find(
    ({ entry }) => scenario === undefined || isCalled(entry.header, scenario),
  );
  if (!latest) {
    throw problem('store.no-run', {
      where: runs.place,
      found: scenario === undefined ? 'no run record' : `no run of ${scenario}`,
      expected: 'the record of a run',
      instead: 'plimsoll run first',
    });
  }
  const record = await fitRecord(latest.where, request);
  if (record.header.fingerprint.git?.dirty) {
    throw problem('record.not-a-measurement', {
      where: latest.where,
      found: 'a run of uncommitted changes',
      expected: 'a run of committed code',
      instead: 'commit, and run again',
    });
  }
  const budgets = await budgetsOfRecord(record, request);
  const comparison = await comparisonFor(record, budgets, { baselines, targetBranch });
  const findings = regressionsIn(comparison)
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .flatMap(acceptedIn);
  const author = await authorOf(baselines);
  const acceptance: Acceptance = { reason, author, at: now.toISOString(), findings };
  const verdict =
    record.baseline?.verdict === undefined ? verdictMark(record, budgets, comparison) : record.baseline;
  const accepted = { ...record, baseline: { ...verdict, accepted: acceptance } };
  // The record that `run` wrote says so too, so that saving it again takes nothing back.
  await runs.save([accepted]);
  const [saved] = await baselines.store.save([accepted]);
  return { header: record.header, acceptance, where: saved?.where ?? latest.where };
}

async function authorOf({ repository, env }: Baselines): Promise<string | null> {
  return (repository && (await nameIn(repository))) || nameFrom(env);
}

const nameIn = (git: Git) => git.textOrNull(['config', 'user.name']);
const nameFrom = (env: GitEnvironment) => env.GITHUB_ACTOR || env.USER || null;
