import { type DuetEvent, duetStandingText, type SidesEvent } from '../../app.ts';
import type { ProgressLine } from '../streams/progress-line.ts';

/** Tells on the progress line how a duet stands, and leaves a line for what a reader may want to look up; in a log, a line a restart. */
export function duetWatcher(line: ProgressLine): (event: DuetEvent | SidesEvent) => void {
  let standing = '';
  return event => {
    if (event.kind === 'note') line.note(`note: ${event.sentence}`);
    else if (event.kind === 'preparing') line.step(`${event.side}  ${event.what}`);
    else if (event.kind === 'starting') line.show(`starting ${event.side}${standing}`);
    else if (event.kind === 'dropped') {
      line.step(
        `${event.repeat} ${event.number} does not count: the machine was kept from running${standing}`,
      );
    } else if (event.kind === 'stands') {
      const text = `${event.head === undefined ? '' : `${event.head}: `}${duetStandingText(event)}`;
      standing = ` · ${text}`;
      line.step(text);
    } else {
      const { phase, pairs, of } = event.progress;
      const what = phase === 'warmup' ? 'warming up' : `slots ${pairs} of ${of}`;
      line.show(`restart ${event.number}, ${what}${standing}`);
    }
  };
}
