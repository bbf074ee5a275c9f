import { inertText } from '../../app.ts';
import type { Terminal } from './session.ts';

/** A stream on which nothing foreign has power: all that a command prints passes here. */
export function inert({ write, isTTY, columns }: Terminal): Terminal {
  return { write: text => write(inertText(text)), isTTY, columns };
}

/**
 * A standard stream to write to without fear. Whoever reads it may leave at any time (`| head -1`): then what else would
 * be written is dropped, and nothing is told. Any other failure is told once. A file fails at once, a pipe later.
 */
export function terminalOn(stream: NodeJS.WriteStream, failed: (error: Error) => void): Terminal {
  let isBroken = false;
  const fail = (error: NodeJS.ErrnoException) => {
    if (isBroken) return;
    isBroken = true;
    if (error.code !== 'EPIPE') failed(error);
  };
  stream.on('error', fail);
  return {
    write(text) {
      if (isBroken) return;
      try {
        stream.write(text);
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
    },
    isTTY: stream.isTTY === true,
    columns: stream.columns,
  };
}
