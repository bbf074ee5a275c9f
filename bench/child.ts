import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

/** A program and its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Where and how long a child may run. */
export interface Surroundings {
  readonly cwd: string;
  /** The cores it may run on, as a list for `taskset`. */
  readonly cores: string;
  readonly atMostSeconds: number;
  /** How often its memory is read; never where it is left out. */
  readonly watchMemoryMs?: number;
}

/** A child that ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** User and system time of the whole process, all threads, as the kernel tells a parent that waited. */
  readonly cpuSeconds: number;
  /** The kernel's high-water mark of resident memory, as last read before the end; null where it was not watched. */
  readonly peakBytes: number | null;
  /** Resident memory, one reading after the other. */
  readonly residentBytes: readonly number[];
}

const running = new Set<number>();

/**
 * Runs a command on the given cores and accounts for its CPU time. Bash waits for it and prints what the kernel accounted
 * (`times` of children, a millisecond apart) to a pipe of its own, so that the command's own output stays untouched.
 * Rejects where the command outlives its time; its whole process group is ended then.
 */
export async function runChild(command: Command, { cwd, cores, ...more }: Surroundings): Promise<Ended> {
  const script =
    'TIMEFORMAT="cpu %3U %3S"; ulimit -n "$(ulimit -Hn)"; { time "$@" 2>&4 3>&- 4>&-; } 4>&2 2>&3';
  const began = performance.now();
  const bash = spawn('bash', ['-c', script, 'bash', 'taskset', '-c', cores, command.file, ...command.args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr, times] = [textOf(bash.stdio[1]), textOf(bash.stdio[2]), textOf(bash.stdio[3])];
  const { pid } = bash;
  if (pid === undefined) throw new Error('bash cannot be started');
  running.add(pid);
  const memory = more.watchMemoryMs === undefined ? null : watchMemory(pid, more.watchMemoryMs);
  const giveUp = new AbortController();
  const late = after(more.atMostSeconds * 1_000, true, { signal: giveUp.signal }).catch(() => false);
  void late.then(isLate => isLate && stopGroup(pid));
  const [code] = (await once(bash, 'close')) as [number | null];
  giveUp.abort();
  running.delete(pid);
  memory?.stop();
  if (await late) throw new Error(`${command.file} still ran after ${more.atMostSeconds} s`);
  const cpu = /^cpu ([\d.]+) ([\d.]+)$/m.exec(times.text());
  if (!cpu) throw new Error(`no CPU time of ${command.file}: ${times.text()}`);
  return {
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    seconds: (performance.now() - began) / 1_000,
    cpuSeconds: Number(cpu[1]) + Number(cpu[2]),
    peakBytes: memory?.peak() ?? null,
    residentBytes: memory?.readings ?? [],
  };
}

/** Ends every child that still runs, at once. */
export function stopChildren(): void {
  for (const pid of running) stopGroup(pid);
}

function stopGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function textOf(stream: unknown): { text(): string } {
  const chunks: Buffer[] = [];
  (stream as NodeJS.ReadableStream).on('data', (chunk: Buffer) => chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString('utf8') };
}

function watchMemory(bash: number, everyMs: number) {
  const readings: number[] = [];
  let peak: number | null = null;
  let tool: string | null = null;
  const timer = setInterval(() => {
    try {
      tool ??= readFileSync(`/proc/${bash}/task/${bash}/children`, 'utf8').trim().split(' ')[0] || null;
      if (tool === null) return;
      const status = readFileSync(`/proc/${tool}/status`, 'utf8');
      const bytes = (name: string) =>
        Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
      const [mark, resident] = [bytes('VmHWM'), bytes('VmRSS')];
      if (Number.isNaN(mark) || Number.isNaN(resident)) return;
      peak = Math.max(peak ?? 0, mark);
      readings.push(resident);
    } catch {
      // What is gone was a helper of bash before the command, or the command at its end.
      tool = null;
    }
  }, everyMs);
  return { readings, peak: () => peak, stop: () => clearInterval(timer) };
}
