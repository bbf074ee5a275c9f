import type {
  BaselineChoice,
  BaselineSelection,
  Mismatch,
  PassedOver,
  StoredRun,
  SubjectDifference,
} from '../../model/judgement/baseline.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { changeText } from '../../words/change-text.ts';
import { counted } from '../../words/quantity-text.ts';
import { skippedText } from '../../words/skipped-text.ts';
import { acceptanceText } from './acceptance-text.ts';
import { differenceText } from './reasons/comparison-note.ts';

/** Which baseline a run is held against and why, or why there is none, in one sentence. */
export function baselineSentence(selection: BaselineSelection): string {
  const { choice, mismatch, passedOver, skipped, formerly, otherSubject = [], lastRun, missing } = selection;
  if (choice.kind === 'none') {
    const since =
      lastRun === undefined
        ? ''
        : ` Last run (${dayOf(lastRun)}, not saved): ${changeText(lastRun.p95Change, 'relative')} at p95, without a verdict.`;
    const why = whyNone(choice.because);
    // The sentence itself says that nobody saved them.
    const { neverSaved, ...others } = passedOver;
    const shown = choice.because === 'noneSaved' ? others : passedOver;
    return `No baseline: ${why}${passedOverText(shown, skipped)}.${missingText(missing)}${since}`;
  }
  const { header } = choice.run.entry;
  const name = formerly === undefined ? '' : formerlyText(formerly);
  const other = otherSubject.map(difference => `; ${subjectText(difference)}`).join('');
  const weakness = mismatch === null ? '' : mismatchText(mismatch);
  return `Baseline: the run of ${dayOf(header)}${why(choice)}${name}${markText(choice.run)}${other}${weakness}.${missingText(missing)}`;
}

/** What the baseline was judged where it failed, and who accepted it and why, as parts of a sentence. */
function markText({ entry }: StoredRun): string {
  const { verdict, accepted } = entry.baseline ?? {};
  const failed = verdict === 'fail' ? '; it failed' : '';
  return accepted === undefined ? failed : `${failed}; accepted ${acceptanceText(accepted)}`;
}

/** That more history could have led to another baseline, as a sentence of its own; nothing where it could not. */
function missingText(missing: BaselineSelection['missing']): string {
  if (missing === undefined) return '';
  const incomplete =
    ' The history of this commit is incomplete here, so another run may be nearer to where it left its target branch';
  return missing.kind === 'fetchFailed'
    ? `${incomplete}: git fetch failed (${printable(missing.said, 400)}).`
    : `${incomplete}: this clone is shallow. Fetch more (git fetch --unshallow), or run plimsoll baseline show.`;
}

function formerlyText({ scenario, file }: NonNullable<BaselineSelection['formerly']>): string {
  const where = file === null ? '' : ` (${quoted(file)})`;
  return `, when the scenario was called ${quoted(scenario)}${where}`;
}

/** How a baseline that was named measured something else. */
function subjectText({ part, baseline, run }: SubjectDifference): string {
  const show = (value: string | null) => (value === null ? 'none' : quoted(value));
  return `it measured another ${subjectNames[part]}: ${show(baseline)}, now ${show(run)}`;
}

const subjectNames: { readonly [part in SubjectDifference['part']]: string } = {
  file: 'scenario file',
  target: 'target',
  serve: 'command in serve',
};

/** How a baseline differs from the run, as the end of a sentence; nothing where they are alike. */
function mismatchText({ workload, machine }: Mismatch): string {
  const parts = [
    ...(workload ? ['the scenario has changed since'] : []),
    ...machine.map(difference => differenceText(difference, quoted)),
  ];
  return parts.length === 0 ? '' : `; weak evidence, since it differs: ${parts.join('; ')}`;
}

/** The first characters of a commit's id, as git shows them. */
export function shortCommit(commit: string): string {
  return printable(commit.slice(0, 10));
}

function why(choice: Exclude<BaselineChoice, { kind: 'none' }>): string {
  switch (choice.kind) {
    case 'named':
      return ', which was named';
    case 'accepted':
      return choice.distance === 0
        ? ` at ${shortCommit(choice.commit)}, this commit`
        : ` at ${shortCommit(choice.commit)}, ${counted(choice.distance, 'commit')} before this commit`;
    case 'mergeBase':
      return ` at ${shortCommit(choice.commit)}, where this commit left ${quoted(choice.target)}`;
    case 'ancestor': {
      const from =
        choice.from === 'head' || choice.target === null
          ? 'this commit'
          : `where this commit left ${quoted(choice.target)}`;
      return choice.distance === 0
        ? ` at ${shortCommit(choice.commit)}, this commit without its uncommitted changes`
        : ` at ${shortCommit(choice.commit)}, the nearest measured ancestor, ${counted(choice.distance, 'commit')} before ${from}`;
    }
    case 'latestOfTarget': {
      const because = {
        noAncestorMeasured: 'no ancestor of this commit was measured',
        noAncestorKnown: 'the history is incomplete, and none of its known ancestors was measured',
        mergeBaseUnknown: 'the history is incomplete, so the merge-base is unknown',
        unknownCommit: "this run's commit is not known here",
      }[choice.because];
      return `, the latest of ${quoted(choice.target)}, since ${because}`;
    }
    case 'latest':
      return ', the latest, since this run belongs to no commit';
  }
}

const whyNone = (because: Extract<BaselineChoice, { kind: 'none' }>['because']) =>
  ({
    noneStored: 'none is stored',
    noneOfScenario: 'none of this scenario is stored',
    noneUsable: 'no stored run of this scenario can be compared with this one',
    noneSaved: 'no run of this scenario was saved (plimsoll baseline save does that)',
    noneKnown: 'the history is incomplete, and no stored run belongs to what is known of it',
    mergeBaseUnknown: 'the history is incomplete, so the merge-base is unknown',
    noneRelated: 'no stored run belongs to an ancestor of this commit or to its target branch',
  })[because];

/** That a run is not compared with itself goes without saying. */
const reasons: { readonly [reason in Exclude<PassedOver, 'sameRun'>]: string } = {
  otherWorkload: 'measured another version of the scenario',
  otherMachine: 'came from another machine',
  otherFile: 'measured another scenario file of that name',
  otherTarget: 'measured another target',
  otherServe: 'measured an API that another command started',
  neverSaved: 'was never saved',
  uncommittedChanges: 'measured uncommitted changes',
  incomplete: 'did not complete',
};

function passedOverText(
  passedOver: BaselineSelection['passedOver'],
  skipped: BaselineSelection['skipped'],
): string {
  const parts = (Object.keys(reasons) as (keyof typeof reasons)[]).flatMap(reason => {
    const count = passedOver[reason] ?? 0;
    return count > 0 ? [`${count} ${reasons[reason]}`] : [];
  });
  const unread = skippedText(skipped);
  const all = unread === null ? parts : [...parts, printable(unread, 600)];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

const dayOf = ({ startedAt }: Pick<RecordHeader, 'startedAt'>) => startedAt.slice(0, 16).replace('T', ' ');
const quoted = (text: string) => printable(text, 60);
