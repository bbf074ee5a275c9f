import { isAlike, mismatchOf } from '../../analysis/likeness.ts';
import {
  type FileFinder,
  foreignParts,
  isOfScenario,
  isSameFile,
  subjectDifferences,
} from '../../analysis/subject.ts';
import type {
  BaselineChoice,
  BaselineSelection,
  CommitHistory,
  MismatchPolicy,
  PassedOver,
  SkippedRun,
  StoredRun,
} from '../../model/judgement/baseline.ts';
import { newestFirst } from '../../model/judgement/baseline.ts';
import type { RecordHeader } from '../../model/run/record.ts';

/** Another workload is no baseline; another machine is a weak one. */
const usualPolicy: MismatchPolicy = { workload: 'refuse', machine: 'weak' };

/** By what stored runs count. */
export interface ChoiceTerms {
  readonly policy?: MismatchPolicy | undefined;
  /** True where the store also holds runs that nobody saved; those are no baselines. */
  readonly onlySaved?: boolean | undefined;
  /** Whether the scenario file of a stored run is still there, so that it was not renamed; by default it is. */
  readonly hasFile?: FileFinder | undefined;
}

/**
 * Chooses the baseline of a run: a run of the merge-base with the target branch, else of its nearest measured ancestor,
 * else the latest of the target branch. Without commits to go by it is the latest run. Of several runs of one commit
 * the best match counts, then the newest. Runs of another subject, of uncommitted changes, and runs that did not
 * complete, never count. A scenario that was renamed is known by its workload.
 * `runs` are in order, newest first; `history` is null where the run's commit is not known here; `skipped` is what the
 * store could not read.
 */
export function chooseBaseline(
  run: RecordHeader,
  runs: readonly StoredRun[],
  about: ChoiceTerms & {
    readonly history: CommitHistory | null;
    readonly skipped?: readonly SkippedRun[];
  },
): BaselineSelection {
  const { history, skipped = [] } = about;
  const others = runs.filter(({ entry }) => entry.header.id !== run.id);
  const ofScenario = runs.filter(({ entry }) => isOfScenario(entry.header, run, about.hasFile ?? stays));
  const judged = ofScenario.map(stored => ({ stored, reason: passedOver(stored, run, about) }));
  const usable = judged.flatMap(({ stored, reason }) => (reason === null ? [stored] : []));
  const counts: { [reason in PassedOver]?: number } = {};
  for (const { reason } of judged) if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  const choice =
    chosenFrom(run, usable, history) ??
    ({
      kind: 'none',
      because:
        others.length === 0
          ? 'noneStored'
          : ofScenario.every(({ entry }) => entry.header.id === run.id)
            ? 'noneOfScenario'
            : usable.length === 0
              ? (counts.neverSaved ?? 0) > 0
                ? 'noneSaved'
                : 'noneUsable'
              : !history?.missing
                ? 'noneRelated'
                : history.mergeBase === null
                  ? 'mergeBaseUnknown'
                  : 'noneKnown',
    } satisfies BaselineChoice);
  const related = sinceAccepted(relatedTo(run, usable, history), choice);
  const isSure =
    choice.kind === 'accepted' ||
    choice.kind === 'mergeBase' ||
    (choice.kind === 'ancestor' && choice.from === 'mergeBase');
  const missing = isSure || usable.length === 0 ? undefined : history?.missing;
  return {
    ...selection(run, choice, related),
    ...formerly(run, choice),
    ...(missing === undefined ? {} : { missing }),
    passedOver: counts,
    skipped,
  };
}

/** Without the runs before a regression was accepted: they say what was, and not what is to be. */
function sinceAccepted(related: readonly StoredRun[], choice: BaselineChoice): readonly StoredRun[] {
  const runs = choice.kind === 'accepted' ? [choice.run, ...related] : related;
  const [newest] = newestFirst(runs.filter(isAccepted));
  if (!newest) return runs;
  const since = Date.parse(newest.entry.header.startedAt);
  return newestFirst(runs.filter(({ entry }) => Date.parse(entry.header.startedAt) >= since));
}

/** Whether all that was worse in a run was accepted, so that it stands for what came before. */
export function isAccepted({ entry }: StoredRun): boolean {
  const accepted = entry.baseline?.accepted;
  return accepted !== undefined && !accepted.isPartial;
}

/** What the scenario was called when its baseline was measured, where that was something else. */
function formerly(run: RecordHeader, choice: BaselineChoice): Pick<BaselineSelection, 'formerly'> {
  if (choice.kind === 'none') return {};
  const { header } = choice.run.entry;
  if (header.scenario === run.scenario && isSameFile(header, run)) return {};
  return { formerly: { scenario: header.scenario, file: header.subject?.path ?? header.file } };
}

/** A baseline that the user named: it counts whatever it is, and its mismatch is said. */
export function namedBaseline(run: RecordHeader, stored: StoredRun): BaselineSelection {
  const named = selection(run, { kind: 'named', run: stored }, [stored]);
  const otherSubject = subjectDifferences(stored.entry.header, run);
  return otherSubject.length === 0 ? named : { ...named, otherSubject };
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
  terms: ChoiceTerms = {},
): readonly StoredRun[] {
  return runs.filter(
    stored =>
      isOfScenario(stored.entry.header, run, terms.hasFile ?? stays) &&
      passedOver(stored, run, terms) === null,
  );
}

/** The runs of a store, newest first, that would be a baseline without reserve if somebody had saved them. */
export function unsavedRuns(
  run: RecordHeader,
  runs: readonly StoredRun[],
  terms: ChoiceTerms,
): readonly StoredRun[] {
  return usableRuns(run, runs, { ...terms, onlySaved: false }).filter(({ entry }) =>
    isAlike(mismatchOf(entry.header, run)),
  );
}

const stays: FileFinder = () => true;

const subjectReasons = { file: 'otherFile', target: 'otherTarget', serve: 'otherServe' } as const;

function passedOver({ entry }: StoredRun, run: RecordHeader, terms: ChoiceTerms): PassedOver | null {
  const { policy = usualPolicy, onlySaved = false, hasFile = stays } = terms;
  const { header } = entry;
  if (header.id === run.id) return 'sameRun';
  if (entry.completion !== 'complete') return 'incomplete';
  const [different] = foreignParts(header, run, hasFile);
  if (different) return subjectReasons[different.part];
  if (header.fingerprint.git?.dirty) return 'uncommittedChanges';
  const mismatch = mismatchOf(header, run);
  if (mismatch.workload && policy.workload === 'refuse') return 'otherWorkload';
  if (mismatch.machine.length > 0 && policy.machine === 'refuse') return 'otherMachine';
  return onlySaved && entry.baseline === undefined ? 'neverSaved' : null;
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
  for (const { commit, distance } of history.accepted ?? []) {
    const stored = best(usable.filter(one => commitOf(one) === commit && isAccepted(one)));
    if (stored) return { kind: 'accepted', run: stored, commit, distance };
  }
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
  const latest = best(usable.filter(ofTarget(history)));
  const because = !history.missing
    ? 'noAncestorMeasured'
    : mergeBase === null
      ? 'mergeBaseUnknown'
      : 'noAncestorKnown';
  return latest && target !== null ? { kind: 'latestOfTarget', run: latest, target, because } : null;
}

/** Runs that say something of the code that the run's code comes from: of its ancestors, else of the target branch. */
function relatedTo(run: RecordHeader, usable: readonly StoredRun[], history: CommitHistory | null) {
  if (history === null) {
    return usable.filter(stored => run.fingerprint.git === null || isUsualTarget(stored));
  }
  const ancestors = new Set(history.ancestors.map(({ commit }) => commit));
  if (!run.fingerprint.git?.dirty) ancestors.delete(history.head);
  const ofAncestors = usable.filter(stored => ancestors.has(commitOf(stored) ?? ''));
  return ofAncestors.length > 0 ? ofAncestors : usable.filter(ofTarget(history));
}

const commitOf = ({ entry }: StoredRun) => entry.header.fingerprint.git?.commit ?? null;

function ofTarget({ target, onTarget, head }: CommitHistory): (stored: StoredRun) => boolean {
  const known = new Set(onTarget);
  return stored => {
    const { commit, branch } = stored.entry.header.fingerprint.git ?? {};
    return commit !== undefined && commit !== head && (known.has(commit) || branch === target);
  };
}

/** Where the repository cannot be asked, a branch of one of these names is taken for the target. */
const isUsualTarget = ({ entry }: StoredRun) =>
  ['main', 'master', 'trunk'].includes(entry.header.fingerprint.git?.branch ?? '');
