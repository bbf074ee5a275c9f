import { type PlimsollError, problem } from '../../model/error.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { exitText } from '../../words/exit-text.ts';
import type { Port } from './port.ts';
import type { Exit } from './process-group.ts';
import type { ReadinessPolls, ReadinessRequest } from './readiness.ts';

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
export function startUpFailure(plan: Serve, cause: Error): PlimsollError {
  const found = `it could not be started: ${cause.message}`;
  return problem('serve.exited', { where: whereOf(plan), found }, { cause });
}

/** The command ended before it was ready. */
export function died(
  plan: Serve,
  exit: Exit,
  lastLines: readonly string[],
  logFile: string,
  byHand?: string,
): PlimsollError {
  const advice =
    byHand === undefined ? `run the command by hand in ${plan.directory}` : `run it by hand: ${byHand}`;
  return problem('serve.exited', {
    where: whereOf(plan),
    found: withLines(exitText(exit), lastLines),
    expected: `a command that stays in the foreground and answers ${plan.ready.method} ${plan.ready.path}`,
    instead: `${advice}; its whole output is in ${logFile}`,
  });
}

/** The command runs, but its readiness request got no 2xx in time. */
export function notReady(
  plan: Serve,
  { url, method, socketPath, protocol }: ReadinessRequest,
  polls: ReadinessPolls,
  lastLines: readonly string[],
  logFile: string,
): PlimsollError {
  const version = protocol === 'http2' ? 'HTTP/2' : 'HTTP/1.1';
  const place = socketPath === null ? 'HOST and PORT' : 'SOCKET_PATH';
  return problem('serve.not-ready', {
    where: whereOf(plan),
    found: withLines(
      [`no 2xx within ${plan.timeout / 1_000} s`, ...answersIn(polls, version)].join(', but '),
      lastLines,
    ),
    expected: `${method} ${socketPath === null ? url : `${url.pathname} over ${socketPath}`} to be answered with any 2xx`,
    instead: `${adviceOn(polls, version) ?? `listen on the ${place} of the environment`}, or raise \`serve.timeout\`; the log is ${logFile}`,
  });
}

/** What the readiness request met, such as `405 to 23 of its requests`; empty where nothing answered. */
function answersIn({ statuses, malformed, unanswered }: ReadinessPolls, version: string): readonly string[] {
  const parts = [...statuses].map(([status, count]) => `${status} ${times(count)}`);
  if (malformed > 0) parts.push(`something that is not ${version} ${times(malformed)}`);
  if (unanswered > 0) parts.push(`no answer ${times(unanswered)}`);
  return parts.length === 0 ? [] : [parts.join(', ')];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** What to change where something answered, by its latest status. */
function adviceOn({ statuses, malformed }: ReadinessPolls, version: string): string | null {
  const status = [...statuses.keys()].at(-1);
  if (status === undefined) return malformed > 0 ? `speak ${version} there` : null;
  if (status === 405) return 'name a method in `serve.ready` that the path accepts';
  if (status === 404) return 'name a path in `serve.ready` that exists';
  if (status === 401 || status === 403) return 'name a path in `serve.ready` that needs no credentials';
  if (status >= 300 && status < 400) return 'name the path in `serve.ready` that it redirects to';
  return 'name a request in `serve.ready` that is answered with 2xx';
}

function whereOf({ start }: Serve): string {
  return `serve \`${start}\``;
}

/** What happened, and below it what the command wrote last. */
export function withLines(what: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${what}; it wrote nothing`;
  return [`${what}; it wrote last:`, ...lines.map(line => `    ${line}`)].join('\n');
}
