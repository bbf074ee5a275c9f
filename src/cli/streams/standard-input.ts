import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** All bytes of standard input; after an interrupt, those that came before it. */
export async function readAll(input: Readable, interrupt: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const onData = (chunk: Buffer): void => {
    chunks.push(Buffer.from(chunk));
  };
  input.on('data', onData);
  try {
    if (!input.readableEnded) await once(input, 'end', { signal: interrupt });
    return Buffer.concat(chunks);
  } catch (error) {
    if (!interrupt.aborted) throw error;
    return Buffer.concat(chunks);
  } finally {
    input.off('data', onData);
    input.pause();
  }
}
