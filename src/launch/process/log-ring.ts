import { closeSync, fstatSync, ftruncateSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { exclusively, temporaryBeside } from '../../safety/temporary-file.ts';

/** How often it is looked at whether the file has grown too long. */
const lookMs = 100;
const chunkBytes = 1024 * 1024;

/**
 * Keeps a file short that other processes append to by themselves. When it has grown to half of what it may hold, it is moved
 * into a second file, which has no name, and emptied: both together hold the newest lines, as if they were one. What is written between
 * two looks comes on top, and what is written in the instant of emptying is lost.
 */
export class LogRing {
  readonly #file: string;
  readonly #descriptor: number;
  readonly #mostBytes: number;
  readonly #timer: NodeJS.Timeout;
  #earlier: FileHandle | null = null;
  #earlierBytes = 0;
  #ownStart: number;
  #dropped = 0;
  #ownDropped = 0;
  #turning: Promise<void> | null = null;

  constructor(file: string, descriptor: number, mostBytes: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#mostBytes = mostBytes;
    this.#ownStart = fstatSync(descriptor).size;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#timer.unref();
    this.#look();
  }

  /** How many bytes there are. */
  get size(): number {
    return this.#earlierBytes + fstatSync(this.#descriptor).size;
  }

  /** The position from which on everything was written since the ring was made. */
  get ownStart(): number {
    return this.#ownStart;
  }

  /** How many bytes were dropped, and how many of those were written since the ring was made. */
  get dropped(): { readonly bytes: number; readonly ownBytes: number } {
    return { bytes: this.#dropped, ownBytes: this.#ownDropped };
  }

  /** The last bytes, of what was written since the ring was made. */
  tail(bytes: number): { readonly text: Buffer; readonly isCut: boolean } {
    const { size } = this;
    const from = Math.max(this.#ownStart, size - bytes);
    const text = Buffer.alloc(Math.max(0, size - from));
    let read = 0;
    while (read < text.length) {
      const more = this.#read(text, read, from + read);
      if (more === 0) break;
      read += more;
    }
    return { text: text.subarray(0, read), isCut: from > this.#ownStart || this.#ownDropped > 0 };
  }

  /** Everything from one position up to another, or to the end, in chunks. */
  *chunks(from: number, to = Number.POSITIVE_INFINITY): Generator<Buffer> {
    for (let position = from; position < to; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, to - position));
      const read = this.#read(chunk, 0, position);
      if (read === 0) return;
      position += read;
      yield chunk.subarray(0, read);
    }
  }

  /** Drops everything that was written since the ring was made. */
  dropOwn(): void {
    const { size } = this;
    this.#ownDropped += size - this.#ownStart;
    ftruncateSync(this.#descriptor, Math.max(0, this.#ownStart - this.#earlierBytes));
    this.#earlierBytes = Math.min(this.#earlierBytes, this.#ownStart);
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turning;
  }

  /** Forgets the second file and closes the first. */
  async close(): Promise<void> {
    await this.stop();
    await this.#earlier?.close();
    closeSync(this.#descriptor);
  }

  #read(buffer: Buffer, at: number, position: number): number {
    const length = buffer.length - at;
    const isEarlier = position < this.#earlierBytes;
    if (!isEarlier || this.#earlier === null) {
      return readSync(this.#descriptor, buffer, at, length, position - this.#earlierBytes);
    }
    const most = Math.min(length, this.#earlierBytes - position);
    return readSync(this.#earlier.fd, buffer, at, most, position);
  }

  #look(): void {
    if (this.#turning !== null || fstatSync(this.#descriptor).size <= this.#mostBytes / 2) return;
    this.#turning = this.#turn().finally(() => {
      this.#turning = null;
    });
  }

  async #turn(): Promise<void> {
    const from = Math.max(0, fstatSync(this.#descriptor).size - Math.floor(this.#mostBytes / 2));
    let moved = 0;
    let next: FileHandle | null = null;
    try {
      next = await withoutName(this.#file);
      const chunk = Buffer.allocUnsafe(chunkBytes);
      // Who writes faster than this reads is cut off in the end.
      while (moved < this.#mostBytes) {
        const read = readSync(this.#descriptor, chunk, 0, chunkBytes, from + moved);
        if (read === 0) break;
        await next.write(chunk, 0, read, moved);
        moved += read;
      }
    } catch {
      // Where there is no room for a second file, the lines go that would be in it.
      await next?.close().catch(() => {});
      next = null;
      moved = 0;
    }
    // From here on in one go, so that nothing is read in between, and as little as possible is written.
    if (next !== null) moved = this.#moveRest(next, from, moved);
    const { size } = fstatSync(this.#descriptor);
    ftruncateSync(this.#descriptor, 0);
    const before = this.#earlier;
    const end = this.#earlierBytes + (next === null ? size : from);
    const lost = next === null ? 0 : size - from - moved;
    this.#dropped += end + lost;
    this.#ownDropped += Math.max(0, end - this.#ownStart) + lost;
    this.#ownStart = Math.max(0, this.#ownStart - end);
    this.#earlier = next;
    this.#earlierBytes = moved;
    await before?.close();
  }

  /** Moves what was written while others were moved; how many bytes are moved then. */
  #moveRest(next: FileHandle, from: number, before: number): number {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let moved = before;
    try {
      while (moved < this.#mostBytes) {
        const read = readSync(this.#descriptor, chunk, 0, chunkBytes, from + moved);
        if (read === 0) break;
        moved += writeSync(next.fd, chunk, 0, read, moved);
      }
    } catch {
      // A full disk: these lines are dropped.
    }
    return moved;
  }
}

/** A file that is gone as soon as nobody holds it open, whatever ends this process. */
async function withoutName(beside: string): Promise<FileHandle> {
  const name = temporaryBeside(beside);
  const handle = await open(name, `${exclusively}+`, 0o600);
  unlinkSync(name);
  return handle;
}
