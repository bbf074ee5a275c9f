import { type PlimsollError, problem } from '../../model/error.ts';
import type { Serve } from '../../model/run/scenario.ts';
import type { Port } from './port.ts';
import type { Exit } from './process-group.ts';
import type { ReadinessRequest } from './readiness.ts';

/** Something listens where the API is to listen. */
export function occupied(plan: Serve, port: Port): PlimsollError {
  const name = 'path' in port ? port.path : `${port.host}:${port.port}`;
  return problem('serve.port-in-use', {
    where: whereOf(plan),
    found: `something accepts connections on ${name}`,
    expected: `${'path' in port ? 'that socket' : `port ${port.port}`} to be free, so that what is measured is what was started`,
  });
}

/** The command could not even be spawned. */
export function notStarted(plan: Serve, cause: Error): PlimsollError {
  const found = `it could not be started: ${cause.message}`;
  return problem('serve.exited', { where: whereOf(plan), found }, { cause });
}

/** The command ended before it was ready. */
export function died(plan: Serve, exit: Exit, lastLines: readonly string[], logFile: string): PlimsollError {
  return problem('serve.exited', {
    where: whereOf(plan),
    found: withLines(describeExit(exit), lastLines),
    expected: `a command that stays in the foreground and answers ${plan.ready.method} ${plan.ready.path}`,
    instead: `run the command by hand in ${plan.directory}; its whole output is in ${logFile}`,
  });
}

/** The command runs, but its readiness request got no 2xx in time. */
export function notReady(
  plan: Serve,
  { url, method, socketPath }: ReadinessRequest,
  lastLines: readonly string[],
  logFile: string,
): PlimsollError {
  return problem('serve.not-ready', {
    where: whereOf(plan),
    found: withLines(`no 2xx within ${plan.timeout / 1_000} s`, lastLines),
    expected: `${method} ${socketPath === null ? url : `${url.pathname} over ${socketPath}`} to be answered with any 2xx`,
    instead: `listen on the ${socketPath === null ? 'HOST and PORT' : 'SOCKET_PATH'} of the environment, or raise \`serve.timeout\`; the log is ${logFile}`,
  });
}

function whereOf({ start }: Serve): string {
  return `serve \`${start}\``;
}

/** How a command ended, in words. */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `it was ended by ${signal}`;
  return code === 127 ? 'exit code 127, command not found' : `exit code ${code}`;
}

/** What happened, and below it what the command wrote last. */
export function withLines(what: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${what}; it wrote nothing`;
  return [`${what}; it wrote last:`, ...lines.map(line => `    ${line}`)].join('\n');
}
