/** Timers count whole milliseconds and come up to about one late: the last of a wait is spun. */
const spinMs = 1.2;

/** A wait that can be called off. */
export interface Wait {
  cancel(): void;
}

/**
 * Calls back once `performance.now()` has reached a moment, never before it: by a timer for the most of the wait, by
 * asking again in every turn of the event loop for the rest, which takes up to two milliseconds of CPU.
 */
export function waitUntil(momentMs: number, done: () => void): Wait {
  let timer: NodeJS.Timeout | undefined;
  let spin: NodeJS.Immediate | undefined;
  const ask = () => {
    if (performance.now() >= momentMs) done();
    else spin = setImmediate(ask);
  };
  const roughMs = Math.floor(momentMs - performance.now() - spinMs);
  if (roughMs >= 1) timer = setTimeout(ask, roughMs);
  else ask();
  return {
    cancel: () => {
      clearTimeout(timer);
      clearImmediate(spin);
    },
  };
}
