import { isAlike, mismatchOf } from '../../analysis/likeness.ts';
import type {
  BaselineChoice,
  BaselineSelection,
  CommitHistory,
  MismatchPolicy,
  PassedOver,
  SkippedRun,
  StoredRun,
} from '../../model/judgement/baseline.ts';
import type { RecordHeader } from '../../model/run/record.ts';

/** Another workload is no baseline; another machine is a weak one. */
const usualPolicy: MismatchPolicy = { workload: 'refuse', machine: 'weak' };

/**
 * Chooses the baseline of a run: a run of the merge-base with the target branch, else of its nearest measured ancestor,
 * else the latest of the target branch. Without commits to go by it is the latest run. Of several runs of one commit
 * the best match counts, then the newest. Runs of uncommitted changes, and runs that did not complete, never count.
 * `runs` are in order, newest first; `history` is null where the run's commit is not known here; `skipped` is what the
 * store could not read.
 */
export function chooseBaseline(
  run: RecordHeader,
  runs: readonly StoredRun[],
  about: {
    readonly history: CommitHistory | null;
    readonly skipped?: readonly SkippedRun[];
    readonly policy?: MismatchPolicy;
  },
): BaselineSelection {
  const { history, skipped = [], policy = usualPolicy } = about;
  const others = runs.filter(({ entry }) => entry.header.id !== run.id);
  const ofScenario = runs.filter(({ entry }) => entry.header.scenario === run.scenario);
  const judged = ofScenario.map(stored => ({ stored, reason: passedOver(stored, run, policy) }));
  const usable = judged.flatMap(({ stored, reason }) => (reason === null ? [stored] : []));
  const counts: { [reason in PassedOver]?: number } = {};
  for (const { reason } of judged) if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  const related = relatedTo(run, usable, history);
  const choice =
    chosenFrom(run, usable, history) ??
    ({
      kind: 'none',
      because:
        others.length === 0
          ? 'noneStored'
          : others.every(({ entry }) => entry.header.scenario !== run.scenario)
            ? 'noneOfScenario'
            : usable.length === 0
              ? 'noneUsable'
              : 'noneRelated',
    } satisfies BaselineChoice);
  return { ...selection(run, choice, related), passedOver: counts, skipped };
}

/** A baseline that the user named: it counts whatever it is, and its mismatch is said. */
export function namedBaseline(run: RecordHeader, stored: StoredRun): BaselineSelection {
  return selection(run, { kind: 'named', run: stored }, [stored]);
}

function selection(
  run: RecordHeader,
  choice: BaselineChoice,
  related: readonly StoredRun[],
): BaselineSelection {
  return {
    choice,
    mismatch: choice.kind === 'none' ? null : mismatchOf(choice.run.entry.header, run),
    alike: related.filter(({ entry }) => isAlike(mismatchOf(entry.header, run))),
    passedOver: {},
    skipped: [],
  };
}

/** Whether a run is complete and of committed code, as every baseline is that nobody named. */
export function canBeBaseline({ entry }: StoredRun): boolean {
  return entry.completion === 'complete' && !entry.header.fingerprint.git?.dirty;
}

/** The runs that a baseline is chosen from. */
export function usableRuns(
  run: RecordHeader,
  runs: readonly StoredRun[],
  policy: MismatchPolicy = usualPolicy,
): readonly StoredRun[] {
  return runs.filter(
    stored => stored.entry.header.scenario === run.scenario && passedOver(stored, run, policy) === null,
  );
}

function passedOver({ entry }: StoredRun, run: RecordHeader, policy: MismatchPolicy): PassedOver | null {
  const { header } = entry;
  if (header.id === run.id) return 'sameRun';
  if (entry.completion !== 'complete') return 'incomplete';
  if (header.fingerprint.git?.dirty) return 'uncommittedChanges';
  const mismatch = mismatchOf(header, run);
  if (mismatch.workload && policy.workload === 'refuse') return 'otherWorkload';
  return mismatch.machine.length > 0 && policy.machine === 'refuse' ? 'otherMachine' : null;
}

function chosenFrom(
  run: RecordHeader,
  usable: readonly StoredRun[],
  history: CommitHistory | null,
): BaselineChoice | null {
  const best = (runs: readonly StoredRun[]) =>
    runs.find(({ entry }) => isAlike(mismatchOf(entry.header, run))) ?? runs[0];
  const ofCommit = (commit: string) => best(usable.filter(stored => commitOf(stored) === commit));
  if (history === null) {
    const target = best(usable.filter(stored => isUsualTarget(stored)));
    if (target && run.fingerprint.git) {
      const branch = target.entry.header.fingerprint.git?.branch ?? '';
      return { kind: 'latestOfTarget', run: target, target: branch, because: 'unknownCommit' };
    }
    const [latest] = usable;
    return latest && !run.fingerprint.git ? { kind: 'latest', run: latest } : null;
  }
  const { mergeBase, target } = history;
  for (const { commit, distance } of history.ancestors) {
    if (commit === history.head && !run.fingerprint.git?.dirty) continue;
    const stored = ofCommit(commit);
    if (!stored) continue;
    return commit === mergeBase && target !== null && commit !== history.head
      ? { kind: 'mergeBase', run: stored, commit, target }
      : {
          kind: 'ancestor',
          run: stored,
          commit,
          distance,
          from: mergeBase === null ? 'head' : 'mergeBase',
          target,
        };
  }
  const latest = best(usable.filter(stored => isOnTarget(stored, history)));
  return latest && target !== null
    ? { kind: 'latestOfTarget', run: latest, target, because: 'noAncestorMeasured' }
    : null;
}

/** Runs that say something of the code that the run's code comes from: of its ancestors, else of the target branch. */
function relatedTo(run: RecordHeader, usable: readonly StoredRun[], history: CommitHistory | null) {
  if (history === null) {
    return usable.filter(stored => run.fingerprint.git === null || isUsualTarget(stored));
  }
  const ancestors = new Set(history.ancestors.map(({ commit }) => commit));
  if (!run.fingerprint.git?.dirty) ancestors.delete(history.head);
  const ofAncestors = usable.filter(stored => ancestors.has(commitOf(stored) ?? ''));
  return ofAncestors.length > 0 ? ofAncestors : usable.filter(stored => isOnTarget(stored, history));
}

const commitOf = ({ entry }: StoredRun) => entry.header.fingerprint.git?.commit ?? null;

function isOnTarget(stored: StoredRun, { target, onTarget, head }: CommitHistory): boolean {
  const commit = commitOf(stored);
  if (commit === null || commit === head) return false;
  return onTarget.includes(commit) || stored.entry.header.fingerprint.git?.branch === target;
}

/** Where the repository cannot be asked, a branch of one of these names is taken for the target. */
const isUsualTarget = ({ entry }: StoredRun) =>
  ['main', 'master', 'trunk'].includes(entry.header.fingerprint.git?.branch ?? '');
