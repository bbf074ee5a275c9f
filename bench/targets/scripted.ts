import { execFileSync } from 'node:child_process';
import type { Script } from '../../test/target/script.ts';
import { type ScriptedTarget, startTarget } from '../../test/target/target.ts';
import { targetCore } from '../cores.ts';

/** Starts the scripted target of the tests on the target's core; it logs when each request arrives. */
export async function startScripted(script: Script): Promise<ScriptedTarget> {
  const target = await startTarget(script);
  const { pid } = target.process;
  if (pid !== undefined) execFileSync('taskset', ['-acp', targetCore, String(pid)], { stdio: 'ignore' });
  return target;
}
