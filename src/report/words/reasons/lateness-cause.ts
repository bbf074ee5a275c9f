import type { LatenessCause } from '../../../model/judgement/evidence.ts';
import { counted, percent } from '../../../words/quantity-text.ts';

/** What made the generator late, to follow "since"; null where it is not known. */
export function latenessCauseText(cause: LatenessCause): string | null {
  switch (cause.kind) {
    case 'others': {
      const target = cause.withTarget ? ', the target among them,' : '';
      return `other processes${target} used ${percent(cause.share)} of the machine`;
    }
    case 'served':
      return `the API that Plimsoll started used ${percent(cause.share)} of the machine`;
    case 'host':
      return `the host of this virtual machine gave ${percent(cause.share)} of its cores to others`;
    case 'ownWork':
      return `its busiest worker worked ${percent(cause.busy)} of the time`;
    case 'unknown':
      return null;
  }
}

/** What to do about it. */
export function latenessAdvice(cause: LatenessCause): string {
  switch (cause.kind) {
    case 'others':
      return cause.withTarget
        ? 'stop what else runs, or run the target on another machine, since it competes for the same cores'
        : 'stop them, or send the load from another machine';
    case 'served':
      return 'run the API on another machine, since it competes for the same cores, or lower the rate';
    case 'host':
      return 'send the load from another machine';
    case 'ownWork':
      return 'lower the rate, or give it more workers (`--workers`) and the cores for them';
    case 'unknown':
      return 'lower the rate, or give the generator a core or a machine of its own';
  }
}

/** What a value is without the delay of the generator, whose doing that delay was, and what to do about it. */
export function onTimeText(without: string, late: number, cause: LatenessCause): string {
  const causeText = latenessCauseText(cause);
  return (
    `${without} without the delay of the generator itself, which sent ${counted(late, 'request')} more than 1 ms late` +
    `${causeText === null ? '' : `, since ${causeText}`}: ${latenessAdvice(cause)}`
  );
}
