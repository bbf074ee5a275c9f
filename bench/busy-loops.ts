import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';

/** Processes that use all of a core each, as far as they get it. */
export interface BusyLoops {
  stop(): Promise<void>;
}

/** Counts for ever, but no longer than this process lives, however it ends. */
const loop =
  'while kill -0 "$PPID" 2>/dev/null; do i=0; while [ "$i" -lt 100000 ]; do i=$((i + 1)); done; done';
/** Until they have started and the scheduler has spread them. */
const settleMs = 500;

/** Starts loops on the given cores, as a list for `taskset`. */
export async function startBusyLoops(count: number, cores: string): Promise<BusyLoops> {
  const loops = Array.from({ length: count }, () =>
    spawn('taskset', ['-c', cores, 'sh', '-c', loop], { stdio: 'ignore' }),
  );
  const kill = () => {
    for (const one of loops) one.kill('SIGKILL');
  };
  process.once('exit', kill);
  await after(settleMs);
  return {
    async stop() {
      process.off('exit', kill);
      const ended = loops.filter(isRunning).map(one => once(one, 'exit'));
      kill();
      await Promise.all(ended);
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
