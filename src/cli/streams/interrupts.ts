import { setImmediate as turn } from 'node:timers/promises';
import { interruptSignals } from '../../app.ts';

type InterruptSignal = (typeof interruptSignals)[number];

/** What a process does at a signal. */
export interface InterruptActions {
  /** Says that work ends in order. */
  readonly stopping: () => void;
  /** Ends what still works for this process, such as git, where it does not end by itself. */
  readonly hurry: () => void;
  /** Ends the process. */
  readonly leave: () => never;
}

/** How long what was measured is saved and reported after SIGTERM, before the process ends in any case. */
const mostAfterSigtermMs = 4_500;
/** How long a critical section may take after a signal, and what it waits for after that. */
const mostInSectionMs = 1_000;
const mostInHurryMs = 500;

/**
 * The signals of a process. As a rule they end it as they would any other, even where it computes in one go: handlers are there only
 * in guarded work, which an interrupt ends in order, except for what computes there for seconds; and in critical sections, which end
 * first.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  readonly #actions: InterruptActions;
  readonly #handlers = interruptSignals.map(signal => ({ signal, handle: () => this.#handle(signal) }));
  #guarded = 0;
  #sections = 0;
  #released = 0;
  #isHandled = false;
  #endsWithSection = false;

  constructor(actions: InterruptActions) {
    this.#actions = actions;
  }

  /** Aborted at the first signal that is handled, with its name as the reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Does work that an interrupt ends in order. */
  async guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#guarded += 1;
    this.#settle();
    try {
      return await work();
    } finally {
      await dispatched();
      this.#guarded -= 1;
      this.#settle();
    }
  }

  begin(): void {
    this.#sections += 1;
    this.#settle();
  }

  async end(): Promise<void> {
    if (this.#guarded === 0 || this.#released > 0) await dispatched();
    this.#sections -= 1;
    if (this.#sections === 0 && this.#endsWithSection) this.#actions.leave();
    this.#settle();
  }

  async release(): Promise<void> {
    await dispatched();
    if (this.#guarded > 0) this.signal.throwIfAborted();
    this.#released += 1;
    this.#settle();
  }

  retake(): void {
    this.#released -= 1;
    this.#settle();
  }

  #settle(): void {
    const isNeeded = (this.#guarded > 0 && this.#released === 0) || this.#sections > 0;
    if (isNeeded === this.#isHandled) return;
    this.#isHandled = isNeeded;
    for (const { signal, handle } of this.#handlers) {
      // A terminal that goes away hangs up twice, by itself and through its shell: nobody asked twice.
      if (signal === 'SIGHUP' && this.signal.reason === signal) continue;
      if (isNeeded) process.on(signal, handle);
      else process.off(signal, handle);
    }
  }

  #handle(signal: InterruptSignal): void {
    if (this.signal.aborted) {
      if (signal !== 'SIGHUP') this.#actions.leave();
      return;
    }
    if (this.#guarded === 0) {
      this.#endsWithSection = true;
      const hurry = () => {
        this.#actions.hurry();
        setTimeout(this.#actions.leave, mostInHurryMs);
      };
      setTimeout(hurry, mostInSectionMs);
      this.#controller.abort(signal);
      return;
    }
    this.#controller.abort(signal);
    // Whoever asks so expects an end soon, and sends SIGKILL next.
    if (signal === 'SIGTERM') setTimeout(this.#actions.leave, mostAfterSigtermMs).unref();
    this.#actions.stopping();
  }
}

/** Signals that have come by now are handled: without a handler, one that waits to be would be lost. */
async function dispatched(): Promise<void> {
  await turn();
  await turn();
}
