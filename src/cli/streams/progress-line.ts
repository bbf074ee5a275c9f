import type { Progress } from '../../app.ts';
import type { Terminal } from './session.ts';

const clearLine = '\r\u001b[2K';

/** One line on standard error that shows how a run stands; where that is no terminal, only what is worth a line of a log. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  readonly #enabled: boolean;
  #shown = false;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#quiet = quiet;
    this.#enabled = terminal.isTTY && !quiet;
  }

  show(text: string): void {
    if (!this.#enabled) return;
    const width = (this.#terminal.columns ?? 80) - 1;
    this.#terminal.write(clearLine + text.slice(0, width));
    this.#shown = true;
  }

  /** Shows a step of what takes minutes: in a log, as a line of its own. */
  step(text: string): void {
    if (this.#terminal.isTTY) this.show(text);
    else if (!this.#quiet) this.#terminal.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) this.#terminal.write(clearLine);
    this.#shown = false;
  }

  /** Writes a line that stays, above the progress. */
  note(text: string): void {
    this.clear();
    this.#terminal.write(`${text}\n`);
  }
}

/** Time left, current rate, p95 and errors, in words. */
export function progressText(scenario: string, progress: Progress): string {
  const { elapsedMs, totalMs, phase, requestsPerSecond, p95Ms, requests, errors } = progress;
  const seconds = Math.max(0, Math.ceil((totalMs - elapsedMs) / 1_000));
  const left = phase === 'drain' ? 'waiting for the last answers' : `${seconds} s left`;
  const stretch = phase === 'warmup' ? 'warm-up, ' : '';
  const p95 = p95Ms === null ? 'no answers yet' : `p95 ${p95Ms.toFixed(p95Ms < 10 ? 1 : 0)} ms`;
  const rate = `${requestsPerSecond.toFixed(0)} requests/s`;
  const share = requests > 0 && errors > 0 ? ` (${((100 * errors) / requests).toFixed(1)} %)` : '';
  return `${scenario}  ${stretch}${left} · ${rate} · ${p95} · ${errors} errors${share}`;
}
