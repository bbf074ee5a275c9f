import type { CpuUse } from '../../model/run/cpu-use.ts';
import { type MachineTime, machineTime } from './machine-time.ts';

/** The CPU time in µs of what Plimsoll started as the target; null where the system does not tell. */
export type ServedCpu = () => number | null;

interface Reading {
  readonly atMs: number;
  readonly machine: MachineTime | null;
  readonly generatorMs: number;
  readonly servedMs: number | null;
}

/** In less time, ticks of 10 ms say too little. */
const leastMs = 200;

/** Measures who uses the processor of this machine between two moments. */
export class CpuMeter {
  readonly #served: ServedCpu | null;
  #from: Reading | null = null;
  #to: Reading | null = null;

  constructor(served: ServedCpu | null) {
    this.#served = served;
  }

  start(): void {
    this.#from = this.#read();
  }

  /** Ends the measurement; only the first call does. */
  stop(): void {
    if (this.#from) this.#to ??= this.#read();
  }

  /** Who used it; null where the machine does not tell, or not of this process. */
  get use(): CpuUse | null {
    return this.#from && this.#to && useBetween(this.#from, this.#to, this.#served !== null);
  }

  #read(): Reading {
    const { user, system } = process.cpuUsage();
    const servedUs = this.#served?.() ?? null;
    return {
      atMs: performance.now(),
      machine: machineTime(),
      generatorMs: (user + system) / 1_000,
      servedMs: servedUs === null ? null : servedUs / 1_000,
    };
  }
}

function useBetween(from: Reading, to: Reading, isServed: boolean): CpuUse | null {
  const elapsedMs = to.atMs - from.atMs;
  if (from.machine === null || to.machine === null || elapsedMs < leastMs) return null;
  const { cores } = to.machine;
  const wholeMs = to.machine.wholeMs - from.machine.wholeMs;
  const busyMs = to.machine.busyMs - from.machine.busyMs;
  const stolenMs = to.machine.stolenMs - from.machine.stolenMs;
  const generatorMs = to.generatorMs - from.generatorMs;
  // Some sandboxes show times that stand still, or those of another machine than the one this process runs on.
  const isOwn = generatorMs <= busyMs + cores * leastMs && Math.abs(wholeMs / (elapsedMs * cores) - 1) < 0.5;
  if (!isOwn || cores !== from.machine.cores) return null;
  const servedMs =
    from.servedMs === null || to.servedMs === null ? null : Math.max(0, to.servedMs - from.servedMs);
  const share = (ms: number) => Math.min(1, Math.max(0, ms / wholeMs));
  return {
    cores,
    generator: share(generatorMs),
    served: servedMs === null ? null : share(servedMs),
    others: isServed && servedMs === null ? null : share(busyMs - generatorMs - (servedMs ?? 0)),
    stolen: share(stolenMs),
  };
}
