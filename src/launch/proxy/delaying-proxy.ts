import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import { problem } from '../../model/error.ts';
import type { Target } from '../../model/run/plan.ts';
import { openLog } from '../process/log.ts';
import { nextMark, ownerVariable } from '../process/owner-mark.ts';
import { portOf } from '../process/port.ts';
import { groupOf, type ProcessGroup } from '../process/process-group.ts';
import type { ProxyAnswer, ProxyOrder } from './delaying-proxy-process.ts';

/** What a delaying proxy stands before. */
export interface DelayingProxyOptions {
  readonly target: Target;
  /** The target's resolved addresses, of which the first is used; none of a Unix socket. */
  readonly addresses: readonly string[];
  /** Patterns of the first lines of requests, one an endpoint: see `endpointPatterns`. */
  readonly endpoints: readonly string[];
  /** Where its output is appended, should it have any. */
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A proxy that runs, delays nothing at first, and that whoever asked for it must stop. */
export interface DelayingProxy extends Pick<ProcessGroup, 'pid' | 'exited' | 'isGone' | 'stop'> {
  /** The target as it is reached through the proxy; its host is the one that requests name. */
  readonly target: Target;
  readonly addresses: readonly string[];
  /** Resolves when the rule holds: for every answer that begins from then on. */
  setRule(rule: DelayRule): Promise<void>;
}

/**
 * Starts a process of our own that passes on what comes to a port of 127.0.0.1 to one target over HTTP/1.1, and what the
 * target answers back, delayed by a rule that can be changed at any time.
 *
 * It runs in a process group of its own and also ends by itself when this process is gone, even where that is killed.
 * Throws `target.invalid` of a target over TLS: what it cannot read it cannot time.
 */
export async function startDelayingProxy({
  target,
  addresses,
  endpoints,
  logFile,
  env,
}: DelayingProxyOptions): Promise<DelayingProxy> {
  assertDelayable(target);
  const log = openLog(logFile);
  const mark = nextMark();
  const child = fork(fileURLToPath(processFile()), {
    detached: true,
    cwd: tmpdir(),
    env: { ...env, [ownerVariable]: mark },
    execArgv: [],
    stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
  });
  const group = await groupOf(child, mark);
  const stop = async (graceMs?: number) => {
    await group.stop(graceMs);
    await log.end();
  };
  try {
    const server = portOf({ ...target, host: addresses[0] ?? target.host });
    const said = await ask(child, { kind: 'open', server, endpoints }, log.lastLines);
    if (said.kind !== 'listening') throw new Error(`the delaying proxy does not listen: ${reasonOf(said)}`);
    let latest: Promise<unknown> = Promise.resolve();
    return {
      ...group,
      stop,
      target: { ...target, port: said.port, socketPath: null },
      addresses: ['127.0.0.1'],
      setRule: async rule => {
        const changed = latest.then(() => ask(child, { kind: 'rule', rule }, log.lastLines));
        latest = changed.catch(() => {});
        await changed;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Throws `target.invalid` of a target that no delaying proxy can stand before. */
export function assertDelayable({ protocol, url }: Pick<Target, 'protocol' | 'url'>): void {
  if (protocol === 'http') return;
  throw problem('calibration.tls-target', {
    where: url,
    expected: 'a target over http',
  });
}

function processFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  const file = isSource ? './delaying-proxy-from-source.mjs' : './delaying-proxy-process.js';
  return new URL(file, import.meta.url);
}

/** Sends an order and waits for the answer to it; rejects where the process ends instead. */
function ask(
  child: ChildProcess,
  order: ProxyOrder,
  lastLines: () => readonly string[],
): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const ended = () =>
      settle(() => reject(new Error(['the delaying proxy has ended', ...lastLines()].join('\n'))));
    const answered = (said: ProxyAnswer) => settle(() => resolve(said));
    const settle = (how: () => void) => {
      child.off('message', answered);
      child.off('disconnect', ended);
      how();
    };
    if (!child.connected) return ended();
    child.once('message', answered);
    child.once('disconnect', ended);
    child.send(order, error => error && ended());
  });
}

function reasonOf(said: ProxyAnswer): string {
  return said.kind === 'failed' ? said.reason : said.kind;
}
