import { type CapacityEvent, levelText, probeText } from '../../app.ts';
import { type ProgressLine, progressText } from '../streams/progress-line.ts';

/** Shows the load that is tried, and leaves a line of each. */
export function capacityWatcher(
  progress: ProgressLine,
  { unit, quiet }: { readonly unit: 'perSecond' | 'users'; readonly quiet: boolean },
): (event: CapacityEvent) => void {
  let now = '';
  return event => {
    if (event.kind === 'probing') {
      now = `${levelText(event.level, unit)}${event.confirms ? ', longer' : ''}`;
      progress.show(now);
    } else if (event.kind === 'probed') {
      if (!quiet) progress.note(`${now}: ${probeText(event.probe)}`);
    } else if (event.event.kind === 'progress') progress.show(progressText(now, event.event.progress));
    else if (event.event.kind === 'serving') progress.show(`${now}  starting ${event.event.command}`);
  };
}
