/** Reads a body as it comes, beside whoever keeps it. */
export interface BodyReader {
  /** The head has come, and this is all of it. */
  begin(status: number, head: string): void;
  /** Reads a piece; false where it cannot go on. */
  read(bytes: Buffer, start: number, end: number): boolean;
  release(): void;
}
