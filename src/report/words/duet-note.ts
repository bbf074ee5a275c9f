import type { OfBoth } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { changeText } from '../../words/change-text.ts';
import { newerText } from '../../words/newer-text.ts';
import { counted, duration, number, percent, size, span } from '../../words/quantity-text.ts';
import { shortCommit } from './baseline-sentence.ts';
import { calibrationQuote } from './calibration-quote.ts';
import { intervalOfChange } from './reasons/change-sentence.ts';
import { labelsText, marginText, slowAtTimesText } from './reasons/duet-reason.ts';

/** A note on a duet as a whole sentence. */
export function duetNote(note: DuetNote): string {
  switch (note.kind) {
    case 'undecided':
      return `${measuredText(note)}: nothing is decided before ${number(note.first)}.`;
    case 'looks': {
      const after = listOf(note.looks);
      const waiting = note.later > 0 ? `; the latest ${number(note.later)} wait for a further look` : '';
      const risk = note.repeat === 'restart' ? ` ${riskText(note.builds)}` : '';
      return `${measuredText(note)}, judged after ${after}${waiting}.${risk}`;
    }
    case 'continued':
      return (
        `It was continued after ${listOf(note.after)}; this is all of its ${note.repeat}s. The looks after ${listOf(note.looks)} were planned for that, ` +
        `with ${percent(note.spend)} of false alarms of their own, which the promise includes.`
      );
    case 'reach':
      return reachText(note);
    case 'disturbed': {
      const which = note.numbers.map(one => number(one)).join(', ');
      const are = note.numbers.length === 1 ? `${note.repeat} ${which} was` : `${note.repeat}s ${which} were`;
      return `Of ${counted(note.of, note.repeat)}, ${are} disturbed: a time lay so far from the others that it counts as 2.5 standard deviations and no more.`;
    }
    case 'slowAtTimes':
      return `Head may be slow now and then: by ${note.metric} of ${note.endpoint} it was ${slowAtTimesText(note.excess, note.repeat)}.`;
    case 'neighbors': {
      const { endpoint, metric, correlation, isClear, repeat } = note;
      const most = `${number(correlation, 2)} at most, ${metric} of ${endpoint}`;
      return isClear
        ? `A ${repeat} may resemble the one before (correlation ${most}): chance alone hardly explains so much. Such a time fails only if it is clear of the wider error that this gives.`
        : `No ${repeat} resembles the one before by more than chance explains (correlation ${most}).`;
    }
    case 'labels':
      return labelsNoteText(note);
    case 'failedInstances': {
      const each = note.instances.map(({ side, url }) => `${url} (${side})`);
      return `Every request to ${each.join(', ')} failed: look whether it still runs. Its errors count as those of its build.`;
    }
    case 'instances':
      if (note.margin.instances !== undefined) {
        const each = number(note.margin.instances);
        return (
          `The APIs ran already, so what is found holds for these ${each} + ${each} instances. ` +
          `The means of ${each} instances of one build may differ by up to ${marginText(note.margin)}, so only times that rise by more can ` +
          'fail. From 5 instances a side on, nothing has to be assumed.'
        );
      }
      return (
        'The two APIs ran already, so what is found holds for these two instances. ' +
        `Two instances of one build may differ by up to ${marginText(note.margin)}, so only times that rise by more can fail.`
      );
    case 'cpu': {
      const { medianUs, change } = note;
      const range = change.interval === null ? '' : `, ${intervalOfChange(change.interval, change.kind)}`;
      return (
        `CPU time a request: ${duration(medianUs.base / 1_000)} in base, ${duration(medianUs.head / 1_000)} in head (medians), ` +
        `${changeText(change.value, change.kind)}${range}.`
      );
    }
    case 'nearSaturation': {
      const each = note.sides.map(({ side, rise, cores }) => {
        const told = [
          ...(rise === null
            ? []
            : [`times rise by ${percent(rise)} from the first to the last third of a turn`]),
          ...(cores === null ? [] : [`${percent(cores)} of a core is busy in its turns`]),
        ];
        return `${side}: ${told.join(', ')}`;
      });
      return (
        `Near saturation (${each.join('; ')}). A turn of ${span(note.slotMs)} is too short for queues to build as they do under lasting load, ` +
        'so a duet sees less of a change: use longer turns (`--slot 1s`), a lower rate, or a `run` of each side beside it.'
      );
    }
    case 'strain':
      return strainText(note);
    case 'cold': {
      const which = note.count === note.of ? `In all ${note.repeat}s` : shareText(note);
      return `${which} the median was not seen to be flat before the measurement began.`;
    }
    case 'sentLate':
      return (
        `${shareText(note)} the generator sent late (p99 up to ${duration(note.worstMs)}): ` +
        'the machine was busy, which widens the intervals and favours neither side.'
      );
    case 'brokeOff':
      return `The duet broke off: ${note.reason}`;
    case 'playedAgain':
      return `${counted(note.count, note.repeat)} played again: ${note.reasons.join('; ')}.`;
    case 'sharedBase':
      return (
        `Base took turns with ${number(note.heads)} heads, each of which is judged by itself: the rate of false alarms is that of each head, ` +
        `and a restart in which base was slow by chance makes all of them look faster.`
      );
    case 'sameCommit':
      return `Both sides are commit ${shortCommit(note.commit)}: this compares a build with itself.`;
    case 'uncommitted':
      return 'The uncommitted changes of the working folder are in neither side.';
    case 'logCut':
      return `The logs of the APIs keep only the newest lines; ${size(note.bytes)} before them were dropped.`;
    case 'calibration':
      return calibrationQuote(note.calibration, note.terms);
    case 'uncalibrated':
      return note.isHere
        ? '`plimsoll calibrate --ref` with a commit of this API measures how far its starts differ on this machine, so that smaller changes may fail.'
        : 'How far starts of one build differ on another machine cannot be calibrated from here.';
    case 'newerCalibration':
      return `The calibration was ${newerText(note.newer)}.`;
    case 'damagedCalibration':
      return `The calibration ${note.file} was passed over: it is damaged.`;
  }
}

function labelsNoteText({
  labels,
  widest,
  shareLevel,
  repeat,
}: Extract<DuetNote, { kind: 'labels' }>): string {
  const { draws, level } = labels;
  const most =
    widest === null
      ? ''
      : ` Between the builds, no required time rose by more than ${changeText(widest.high, 'relative')} (${widest.metric} of ${widest.endpoint}), ` +
        `with ${percent(1 - (1 - widest.confidence) / 2)} confidence each.`;
  return (
    `The APIs ran already, and more ${repeat}s draw no other start: so a time fails only if ${labelsText(labels)} establish it of their builds. ` +
    `Each counts once, over ${number(draws)} ways to label them: at most ${percent(level)} of unchanged builds are accused by a time, ` +
    `and ${percent(shareLevel)} by an error rate.${most}`
  );
}

/** `10, 13 and 20`. */
function listOf(counts: readonly number[]): string {
  const texts = counts.map(count => number(count));
  const last = texts.length > 1 ? ` and ${texts.at(-1)}` : '';
  return `${texts.slice(0, Math.max(1, texts.length - 1)).join(', ')}${last}`;
}

/** The promise, and what it rests on. */
function riskText(builds: number | null): string {
  const promise = 'Over all looks and comparisons, at most one of 100 unchanged builds is accused';
  if (builds === null) {
    return `${promise}, as far as chance alone tells the starts of both apart: a difference that stays with a build or its folder is none.`;
  }
  const equal =
    builds === 1
      ? 'two builds of one commit are equally fast'
      : `the ${number(builds)} builds of each side stand for all builds of their commit`;
  return `${promise}, if ${equal} and restarts do not depend on the ones before.`;
}

function measuredText({
  measured,
  most,
  repeat,
}: Extract<DuetNote, { kind: 'undecided' | 'looks' }>): string {
  return `${counted(measured, repeat)} of ${number(most)} at most`;
}

function strainText(note: Extract<DuetNote, { kind: 'strain' }>): string {
  const { stolen, throttled, waited, dropped, most, repeat } = note;
  const of = (shares: OfBoth<number> | null, what: string) =>
    shares === null ? [] : [`${what} ${percent(shares.base)} (base) and ${percent(shares.head)} (head)`];
  const told = [
    ...of(stolen, 'stolen by the host'),
    ...of(throttled, 'throttled as a container'),
    ...of(waited, 'some task waiting for a core'),
  ];
  const figures =
    told.length === 0
      ? ''
      : `The machine in the turns, of the time in a median ${repeat}: ${told.join(', ')}. `;
  const over = `more than ${percent(most)} was stolen or throttled in the turns of both sides`;
  if (dropped > 0) {
    const are = dropped === 1 ? 'does' : 'do';
    return `${figures}${counted(dropped, repeat)} ${are} not count, whatever they showed: ${over}.`;
  }
  if (stolen === null && throttled === null) return figures.trim();
  return `${figures}No ${repeat} was dropped: in none, ${over}.`;
}

function shareText({ count, of, repeat }: Extract<DuetNote, { kind: 'cold' | 'sentLate' }>): string {
  return `In ${number(count)} of ${counted(of, repeat)}`;
}

function reachText({ widest, bounded, required }: Extract<DuetNote, { kind: 'reach' }>): string {
  const { endpoint, metric, high, confidence } = widest;
  const where = `${metric} of ${endpoint}`;
  const most = changeText(high, 'relative');
  const sure = `with ${percent(1 - (1 - confidence) / 2)} confidence`;
  const share = `${number(bounded)} of ${counted(required, 'required time')}`;
  const isWhole = bounded === required;
  if (bounded === 1) {
    const lead = isWhole ? '' : `Only ${share} could be bounded: `;
    return `${lead}${where} rose by ${most} at most, ${sure}.`;
  }
  const none = isWhole ? 'No required time' : `Of the ${share} that could be bounded, none`;
  return `${none} rose by more than ${most} (${where}), ${sure} each.`;
}
