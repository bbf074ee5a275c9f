import type {
  BaselineChoice,
  BaselineSelection,
  Mismatch,
  PassedOver,
} from '../../model/judgement/baseline.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { counted } from '../../words/quantity-text.ts';
import { skippedText } from '../../words/skipped-text.ts';
import { differenceText } from './reasons/comparison-note.ts';

/** Which baseline a run is held against and why, or why there is none, in one sentence. */
export function baselineSentence({ choice, mismatch, passedOver, skipped }: BaselineSelection): string {
  if (choice.kind === 'none')
    return `No baseline: ${whyNone(choice.because)}${passedOverText(passedOver, skipped)}.`;
  const { header } = choice.run.entry;
  const weakness = mismatch === null ? '' : mismatchText(mismatch);
  return `Baseline: the run of ${dayOf(header)}${why(choice)}${weakness}.`;
}

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
      const because =
        choice.because === 'noAncestorMeasured'
          ? 'no ancestor of this commit was measured'
          : "this run's commit is not known here";
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
    noneRelated: 'no stored run belongs to an ancestor of this commit or to its target branch',
  })[because];

const reasons: { readonly [reason in PassedOver]: string } = {
  otherWorkload: 'measured another version of the scenario',
  otherMachine: 'came from another machine',
  uncommittedChanges: 'measured uncommitted changes',
  incomplete: 'did not complete',
  sameRun: 'is this run itself',
};

function passedOverText(
  passedOver: BaselineSelection['passedOver'],
  skipped: BaselineSelection['skipped'],
): string {
  const parts = (Object.keys(reasons) as PassedOver[]).flatMap(reason => {
    const count = passedOver[reason] ?? 0;
    return count > 0 ? [`${count} ${reasons[reason]}`] : [];
  });
  const unread = skippedText(skipped);
  const all = unread === null ? parts : [...parts, printable(unread, 600)];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

const dayOf = ({ startedAt }: RecordHeader) => startedAt.slice(0, 16).replace('T', ' ');
const quoted = (text: string) => printable(text, 60);
