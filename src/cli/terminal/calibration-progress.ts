import type { CalibrationEvent, SidesEvent } from '../../app.ts';
import type { ProgressLine } from '../streams/progress-line.ts';

/** Tells on the progress line how a calibration stands and how long it may still take; in a log, a line a restart. */
export function calibrationWatcher(line: ProgressLine): (event: CalibrationEvent | SidesEvent) => void {
  let told = 0;
  let isJudging = false;
  return event => {
    if (event.kind === 'note') line.note(`note: ${event.sentence}`);
    else if (event.kind === 'preparing') line.step(`${event.side}  ${event.what}`);
    else if (event.kind === 'starting') line.show(`starting ${event.side}`);
    else if (event.kind === 'judging') {
      const { played, of } = event.progress;
      if (!isJudging) line.step(`simulating ${of} duets`);
      isJudging = true;
      line.show(`simulating duets, ${played} of ${of}`);
    } else {
      const { number, of, meanRestartMs, progress } = event;
      const minutes = Math.ceil((meanRestartMs * (of - number + 1)) / 60_000);
      const left = meanRestartMs === 0 ? '' : ` · about ${minutes} min left`;
      if (number > told) line.step(`restart ${number} of ${of}${left}`);
      told = number;
      const what = progress.phase === 'warmup' ? 'warming up' : `slots ${progress.pairs} of ${progress.of}`;
      const phase = `phase ${progress.inPhase} of ${progress.ofPhases}`;
      line.show(`restart ${number} of ${of}, ${phase}, ${what}${left}`);
    }
  };
}
