import { once } from 'node:events';
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../../model/error.ts';
import type { Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import type { Clean } from './clean-log.ts';
import { type Log, openLog } from './log.ts';
import { isListening, type Port, portOf, type ResolvedTarget } from './port.ts';
import { type Exit, type ProcessGroup, startGroup } from './process-group.ts';
import { noPolls, type ReadinessPolls, type ReadinessRequest, untilReady } from './readiness.ts';
import { died, notReady, occupied, startUpFailure } from './start-up-error.ts';

/** What serving needs beside the scenario's own words. */
export interface ServeOptions {
  readonly target: ResolvedTarget & Pick<Target, 'url'>;
  /** How the readiness request is to be secured. */
  readonly tls: ReadinessRequest['tls'];
  readonly protocol?: ReadinessRequest['protocol'];
  /** The command's environment; `HOST` and `PORT` of the target are added, or `SOCKET_PATH` of a Unix socket. */
  readonly env: NodeJS.ProcessEnv;
  /** Where the command's output is appended; its folder is made. */
  readonly logFile: string;
  /** Takes secrets out of the command's output, which is kept without them once the command has ended. */
  readonly clean?: Clean | undefined;
  /** How a person runs the command where its folder does not last: shell commands, in words to follow "run it by hand:". */
  readonly byHand?: string | undefined;
  /** Ends the start-up: everything is stopped, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as the command runs, long before it is ready. */
  readonly onStart?: ((group: ProcessGroup) => void) | undefined;
}

/** An API that is ready, and that whoever asked for it must stop. */
export interface Served extends ProcessGroup {
  /** The end of the command's output: at most 20 lines, without control characters. */
  lastLines(): readonly string[];
  /** How many bytes of its output were dropped so far, since the log holds only the newest. */
  droppedLogBytes(): number;
}

type StartUp =
  | { readonly state: 'ready' }
  | { readonly state: 'late' }
  | { readonly state: 'aborted' }
  | { readonly state: 'died'; readonly exit: Exit };

/**
 * Starts the user's API with its own command and resolves when its readiness request is answered with any 2xx.
 *
 * The command runs in a process group of its own, so that all that it starts can be stopped with it; it must stay in the
 * foreground. Throws `serve.port-in-use` where something listens on the target's port already, `serve.exited` and
 * `serve.not-ready` with the last lines of the log, `file.missing` for the folder and `output.unwritable` for the log;
 * nothing is left running then. Windows has no process groups and is not supported; a process that leaves its group
 * (`setsid`) is out of reach everywhere but on Linux.
 */
export async function serve(
  plan: Serve,
  { target, tls, protocol, env, logFile, clean, byHand, signal, onStart }: ServeOptions,
): Promise<Served> {
  signal?.throwIfAborted();
  await assertServable(plan, target);
  const port = portOf(target);
  const log = openLog(logFile, clean);
  const group = await start(plan, log, { ...env, ...environmentOf(port) });
  const stop = async (graceMs?: number) => {
    await group.stop(graceMs);
    await log.end();
  };
  try {
    onStart?.(group);
    const { socketPath } = target;
    const origin = socketPath === null ? new URL(target.url).origin : 'http://localhost';
    const url = new URL(`${origin}${plan.ready.path}`);
    const addresses = 'path' in port ? [] : port.addresses;
    const request = { url, method: plan.ready.method, socketPath, addresses, tls, protocol };
    const polls = noPolls();
    const startUp = await untilStarted(plan, request, polls, group, signal);
    if (startUp.state === 'aborted') throw signal?.reason;
    if (startUp.state === 'died') throw died(plan, startUp.exit, log.lastLines(), logFile, byHand);
    if (startUp.state === 'late') throw notReady(plan, request, polls, log.lastLines(), logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...group, stop, lastLines: log.lastLines, droppedLogBytes: log.droppedBytes };
}

/** Checks what can be known before the start: throws `file.missing` for the folder and `serve.port-in-use`. */
export async function assertServable(plan: Serve, target: ServeOptions['target']): Promise<void> {
  const { directory, start } = plan;
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw problem('folder.missing', { where: directory, expected: `the folder in which \`${start}\` runs` });
  }
  const port = portOf(target);
  if (await isListening(port)) throw occupied(plan, port);
}

function environmentOf(port: Port): NodeJS.ProcessEnv {
  return 'path' in port ? { SOCKET_PATH: port.path } : { HOST: port.host, PORT: String(port.port) };
}

async function start(plan: Serve, log: Log, env: NodeJS.ProcessEnv): Promise<ProcessGroup> {
  try {
    return await startGroup(plan.start, { directory: plan.directory, env, output: log.descriptor });
  } catch (cause) {
    await log.end();
    throw startUpFailure(plan, cause as Error);
  }
}

async function untilStarted(
  plan: Serve,
  request: ReadinessRequest,
  polls: ReadinessPolls,
  group: ProcessGroup,
  signal: AbortSignal | undefined,
): Promise<StartUp> {
  if (signal?.aborted) return { state: 'aborted' };
  const settled = new AbortController();
  const until = { signal: settled.signal };
  const ways: Promise<StartUp>[] = [
    untilReady(request, polls, settled.signal).then(() => ({ state: 'ready' })),
    group.exited.then(exit => ({ state: 'died', exit })),
    delay(plan.timeout, { state: 'late' } as const, until),
  ];
  if (signal) ways.push(once(signal, 'abort', until).then(() => ({ state: 'aborted' })));
  try {
    return await Promise.race(ways);
  } finally {
    settled.abort();
  }
}
