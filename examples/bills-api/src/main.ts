import { buildApp } from './app.ts';
import { readSettings, StartError } from './settings.ts';

const SHUTDOWN_LIMIT_MS = 10_000;
const IDLE_CHECK_MS = 50;

try {
  await serve();
} catch (error) {
  process.stderr.write(`bills-api: ${explain(error)}\n`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const { host, port, logLevel, databaseFile } = readSettings(process.env);
  const app = buildApp({ databaseFile, logLevel });
  let closing = false;
  const stop = (signal: string) => {
    // A signal to the process group comes twice under npm, which passes its own on: the second changes nothing.
    if (closing) return;
    closing = true;
    app.log.info({ signal }, 'shutting down');
    // Closing a server drops the connections that are idle then, not those that become idle later.
    setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS).unref();
    setTimeout(() => app.server.closeAllConnections(), SHUTDOWN_LIMIT_MS).unref();
    app.close().then(
      () => process.exit(0),
      error => {
        app.log.error({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw isAddressInUse(error)
      ? new StartError(`${host}:${port} is already in use; stop what listens there or set PORT`)
      : error;
  }
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** One line for what a person can mend (a setting, the file system, the network), the stack for anything else. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartError || 'syscall' in error ? error.message : (error.stack ?? error.message);
}
