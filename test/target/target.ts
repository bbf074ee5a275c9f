import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { program } from '../program.ts';
import type { Script, TargetCounts } from './script.ts';

/** A running scripted target, in a process of its own. */
export interface ScriptedTarget {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  counts(): Promise<TargetCounts>;
  /** Ends the process at once; connections are torn down. */
  stop(): Promise<void>;
}

/** Starts a target that behaves as scripted; port 0 takes a free one. */
export async function startTarget(script: Script, port = 0): Promise<ScriptedTarget> {
  const { file, execArgv } = program(new URL('./server.ts', import.meta.url));
  const child = fork(file, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send({ kind: 'start', script, port });
  const [{ address }] = (await once(child, 'message')) as [{ address: AddressInfo }];
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    process: child,
    async counts() {
      child.send({ kind: 'counts' });
      const [{ counts }] = (await once(child, 'message')) as [{ counts: TargetCounts }];
      return counts;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
