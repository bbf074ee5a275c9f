import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleGit } from 'simple-git';
import type { DelayRule } from '../../src/model/delay-rule.ts';
import { duetSummarySchema } from '../../src/report/duet-summary-schema.ts';
import { temporaryFolder } from '../temporary.ts';
import type { DuetResult } from './real.ts';
import type { JudgeSetting } from './setting.ts';
import { scenarioOf, type Workload } from './workloads.ts';

const stopWithinMs = 30_000;
/** Where a commit says what its proxy does. */
const ruleFile = 'rule.json';

/**
 * Plays a duet of two commits of a repository made for it: both serve the reference backend of this one behind a
 * delaying proxy, and differ in the rule of that alone. Rejects where the duet could not be measured, with what it said.
 */
export async function playRealDuet(
  workload: Workload,
  rule: DelayRule,
  setting: JudgeSetting,
): Promise<DuetResult> {
  const folder = temporaryFolder('real-duet');
  try {
    await makeRepository(folder.path, workload, rule, setting.root);
    const summary = join(folder.path, 'duet.json');
    const began = performance.now();
    const args = ['duet', 'scenario.yaml', '--base', 'HEAD~1', '--head', 'HEAD', '--json', summary];
    const said = await runCommand([setting.cli, ...args, '--quiet'], folder.path, setting.signal);
    const wallMinutes = (performance.now() - began) / 60_000;
    return { ...readSummary(summary, said), wallMinutes };
  } finally {
    folder.remove();
  }
}

async function makeRepository(
  folder: string,
  workload: Workload,
  rule: DelayRule,
  root: string,
): Promise<void> {
  const backend = fileURLToPath(new URL('delayed-backend.ts', import.meta.url));
  const words = [process.execPath, '--import', import.meta.resolve('tsx'), backend, ruleFile];
  const start = `exec ${words.map(word => `'${word}'`).join(' ')}`;
  const serve = `serve: { start: ${JSON.stringify(start)}, ready: GET /health, timeout: 30s }\n`;
  cpSync(join(root, 'scenarios', 'data'), join(folder, 'data'), { recursive: true });
  const scenario = scenarioOf(workload).replaceAll('../../../scenarios/data/', 'data/');
  writeFileSync(join(folder, 'scenario.yaml'), scenario + serve);
  writeFileSync(join(folder, '.gitignore'), 'reports/\nduet.json\n');
  const git = simpleGit(folder);
  await git.init();
  await git.addConfig('user.name', 'bench');
  await git.addConfig('user.email', 'bench@localhost');
  for (const [message, now] of [
    ['base', { kind: 'none' }],
    ['head', rule],
  ] as const) {
    writeFileSync(join(folder, ruleFile), `${JSON.stringify({ message, rule: now })}\n`);
    await git.add('.');
    await git.commit(message);
  }
}

/** Runs the built command to its end, and passes an interrupt on to it; what it wrote to standard error. */
async function runCommand(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const stop = () => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), stopWithinMs).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await once(child, 'close');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks).toString('utf8');
}

/** What is counted of the duet's summary. */
function readSummary(file: string, said: string): Omit<DuetResult, 'wallMinutes'> {
  if (!existsSync(file)) throw new Error(`the duet left no summary:\n${said}`);
  const summary = duetSummarySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (summary.end !== 'decided') throw new Error(`the duet came to no end: ${summary.endReason}`);
  return {
    verdict: summary.verdict,
    accused: summary.findings
      .filter(({ status }) => status === 'fail')
      .map(({ endpoint, metric }) => ({ endpoint, metric })),
    units: summary.units.measured,
    loadMinutes: summary.units.loadMs / 60_000,
  };
}
