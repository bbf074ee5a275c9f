import type { InvalidReason } from '../../../model/judgement/invalid-reason.ts';
import { exitText } from '../../../words/exit-text.ts';
import { counted, duration, number, percent, quantity, span } from '../../../words/quantity-text.ts';
import { endsText, stoppedText } from './ends-text.ts';
import { latenessAdvice, latenessCauseText } from './lateness-cause.ts';

/** Why a run is no measurement, and what to do about it: one sentence without its full stop. */
export function invalidReason(reason: InvalidReason): string {
  switch (reason.kind) {
    case 'notStarted':
      return `nothing was sent: ${reason.reason}`;
    case 'neverAnswered': {
      const ends = endsText(reason.ends);
      return `the target never answered: no byte of an answer came within ${span(reason.afterMs)}${ends && ` (${ends})`}; check that it runs at ${reason.target}`;
    }
    case 'nothingAnswered': {
      if (isUnsent(reason))
        return `none of ${counted(reason.due, 'request')} could be sent: the failures say why`;
      const what = reason.isInterrupted ? 'no answer came before the interrupt' : 'the target never answered';
      return `${what}: of ${counted(reason.due, 'request')}, ${endsText(reason.ends)}; check that it runs at ${reason.target}`;
    }
    case 'stoppedBeforeStages':
      return `nothing was measured: the run was ${stoppedText(reason.stop)}, before its first stage`;
    case 'interruptedBeforeStages':
      return 'nothing was measured: the run was interrupted before its first stage';
    case 'nothingDue':
      return 'nothing was measured: no request was due in the stages, so give them more time or load';
    case 'workerDied': {
      // Its last words may come with a stack, which the record keeps.
      const [words = ''] = reason.reason.split('\n');
      return `a worker of the generator died, so some of its last requests are missing: ${words}`;
    }
    case 'serverEnded': {
      const { end } = reason;
      return `the API that Plimsoll started ended ${span(end.atMs)} into the run (${exitText(end)}): find out why in its log`;
    }
    case 'exhausted': {
      const lacking =
        shortages.get(reason.code) ?? 'what it needs to send: lower the rate or `connections.max`';
      const lost = reason.notSent > 0 ? ` and ${counted(reason.notSent, 'request')} could not be sent` : '';
      return `${bottleneck}: ${counted(reason.attempts, 'attempt')} to connect failed (${reason.code})${lost}, since this machine ran out of ${lacking}`;
    }
    case 'sentLate': {
      const late = `${number(reason.late)} of ${counted(reason.requests, 'request')} went out more than ${duration(reason.byMs)} late`;
      const allowed = 'so these are not the arrivals that the scenario asks for';
      const cause = latenessCauseText(reason.cause);
      const why = cause === null ? '' : `, since ${cause}`;
      return `${bottleneck}: ${late}, ${allowed}${why}; ${latenessAdvice(reason.cause)}`;
    }
    case 'smallPool': {
      const { stage, perSecond, serviceMs, busy, max, enough } = reason.shortage;
      const demand = `${quantity(perSecond, 'perSecond')} of ${duration(serviceMs)} each keep ${percent(busy / max)} of ${counted(max, 'connection')} busy in stage ${stage}`;
      return `${bottleneck}: ${demand}, and ${counted(reason.queued, 'request')} had to wait for one; set \`connections.max\` to ${number(enough)} or more`;
    }
  }
}

/** Whether the target was never asked. */
function isUnsent({ due, ends }: Extract<InvalidReason, { readonly kind: 'nothingAnswered' }>): boolean {
  return ends.failed.notSent === due;
}

/** The same in a few words, where many runs stand side by side. */
export function invalidInShort(reason: InvalidReason): string {
  switch (reason.kind) {
    case 'notStarted':
      return 'nothing was sent';
    case 'neverAnswered':
      return 'the target never answered';
    case 'nothingAnswered':
      if (isUnsent(reason)) return 'no request could be sent';
      return reason.isInterrupted ? 'interrupted before any answer' : 'the target never answered';
    case 'stoppedBeforeStages':
      return 'stopped before its first stage';
    case 'interruptedBeforeStages':
      return 'interrupted before its first stage';
    case 'nothingDue':
      return 'no request was due';
    case 'workerDied':
      return 'a worker of the generator died';
    case 'serverEnded':
      return `the API ended ${span(reason.end.atMs)} into the run`;
    case 'exhausted':
      return `${reason.code} on ${counted(reason.attempts, 'attempt')} to connect`;
    case 'sentLate':
      return `${number(reason.late)} of ${counted(reason.requests, 'request')} over ${duration(reason.byMs)} late`;
    case 'smallPool':
      return `${counted(reason.queued, 'request')} waited for one of ${counted(reason.shortage.max, 'connection')}`;
  }
}

/** Several reasons in one part of a sentence. */
export function invalidReasons(reasons: readonly InvalidReason[]): string {
  return reasons.map(invalidReason).join('; ');
}

const bottleneck = 'the generator was the bottleneck';

/** What a machine runs out of, by the code of the error, and what to do about it. */
const shortages = new Map([
  ['EMFILE', 'open files, which `ulimit -n` limits: raise it, or lower `connections.max` or the users'],
  ['ENFILE', 'open files of the whole machine: raise `fs.file-max`, or lower `connections.max` or the users'],
  [
    'EADDRNOTAVAIL',
    'local ports (or, where the target has an IPv6 address, has none itself): keep connections alive, widen `net.ipv4.ip_local_port_range`, or lower the rate',
  ],
  ['ENOBUFS', 'network buffers: lower the rate, `connections.max` or the users'],
  ['ENOMEM', 'memory: lower `connections.max` or the users'],
]);
