#!/usr/bin/env node
import { stopAllNow } from '../index.ts';
import { main } from './main.ts';
import type { Terminal } from './session.ts';

const interruption = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) {
      stopAllNow();
      process.exit(interruption.signal.reason === 'SIGTERM' ? 143 : 130);
    }
    interruption.abort(signal);
    process.stderr.write('\nStopping: waiting for the last answers. Once more to leave at once.\n');
  });
}
process.on('exit', stopAllNow);

const terminal = (stream: NodeJS.WriteStream): Terminal => ({
  write: text => void stream.write(text),
  isTTY: stream.isTTY === true,
  columns: stream.columns,
});

process.exitCode = await main({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  stdout: terminal(process.stdout),
  stderr: terminal(process.stderr),
  interrupt: interruption.signal,
});
