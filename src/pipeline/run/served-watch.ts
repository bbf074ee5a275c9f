import { setTimeout as delay } from 'node:timers/promises';
import { isListening, portOf, type ResolvedTarget } from '../../launch/process/port.ts';
import type { Served } from '../../launch/process/serve.ts';
import type { ServerEnd } from '../../model/run/record.ts';

const pollMs = 250;

/** A watch over an API that was started to be measured. */
export interface ServedWatch {
  /** The load begins now: the moment of an end counts from here. */
  loadBegins(): void;
  /** Looks a last time; how the API ended, null where it runs. */
  close(): Promise<ServerEnd | null>;
}

/** What is watched for, and until when. */
export interface WatchTerms {
  readonly target: ResolvedTarget;
  /** What ends after an interrupt tells nothing of the API: the same signal may have reached it. */
  readonly interrupt?: AbortSignal | undefined;
  readonly onEnd?: ((end: ServerEnd) => void) | undefined;
}

/**
 * Watches whether a served API ends. It has ended where no process of its group is left and nothing listens in its place: a command
 * that goes on in the background leaves its shell behind, and one that a supervisor starts again is back.
 */
export function watchServed(served: Served, { target, interrupt, onEnd }: WatchTerms): ServedWatch {
  let isOpen = true;
  let began: number | null = null;
  let end: ServerEnd | null = null;
  const look = async () => {
    const exit = served.exit();
    if (exit === null || interrupt?.aborted) return;
    const atMs = began === null ? 0 : Math.max(0, performance.now() - began);
    if (!served.isGone() || (await isListening(portOf(target)))) end = null;
    else if (end === null && !interrupt?.aborted) {
      end = { ...exit, atMs: Math.round(atMs), lastLines: served.lastLines() };
      onEnd?.(end);
    }
  };
  const watch = async () => {
    await served.exited;
    while (isOpen) {
      await look();
      await delay(pollMs, undefined, { ref: false });
    }
  };
  void watch();
  return {
    loadBegins: () => {
      began = performance.now();
    },
    close: async () => {
      isOpen = false;
      await look();
      return end;
    },
  };
}
