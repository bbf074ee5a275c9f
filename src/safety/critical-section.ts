import { megabyte } from './bounded-file.ts';

/** Whoever has the signals of this process. */
export interface SectionWatch {
  /** Signals wait for the end of a critical section. */
  begin(): void;
  end(): Promise<void>;
  /** Signals end the process at once, though an interrupt should end its work in order. Throws the reason of one that came before. */
  release(): Promise<void>;
  retake(): void;
}

/** To read a record takes a second or two for each megabyte where that was made to take long, or the machine is busy. */
const longBytes = megabyte / 2;

let watch: SectionWatch | null = null;

/** Says who is told of the critical sections of this process; a program that handles signals itself has nobody told. */
export function watchSections(by: SectionWatch): void {
  watch = by;
}

/**
 * Does work that computes in one go on so many bytes, while nothing is started that has to be stopped. Where the bytes are many, a signal
 * ends the process at once, since nothing else could end that work; records of up to some 200 endpoints are smaller.
 */
export async function inOneGo<Result>(
  bytes: number | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  if (watch === null || bytes === undefined || bytes <= longBytes) return await work();
  await watch.release();
  try {
    return await work();
  } finally {
    watch.retake();
  }
}

/**
 * Does work that a signal must not cut short, since it would leave something behind: half a file, a lock, a program that runs. The work
 * is short, or an interrupt ends it.
 */
export async function critical<Result>(work: () => Promise<Result>): Promise<Result> {
  watch?.begin();
  try {
    return await work();
  } finally {
    await watch?.end();
  }
}
