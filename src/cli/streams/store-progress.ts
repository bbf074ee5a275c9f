import { ProgressLine } from './progress-line.ts';
import type { Session } from './session.ts';

/** What takes less is over before anybody asks. */
const patienceMs = 2_000;

/** Tells on a terminal how many stored runs have been read, once that has taken two seconds. */
export function storeWatcher(
  session: Pick<Session, 'stderr'>,
): (progress: { readonly done: number; readonly of: number }) => void {
  const line = new ProgressLine(session.stderr, false);
  let since: number | null = null;
  return ({ done, of }) => {
    if (done >= of) {
      line.clear();
      since = null;
      return;
    }
    since ??= performance.now();
    if (performance.now() - since < patienceMs) return;
    line.show(`reading stored runs, ${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`);
  };
}
