import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simpleGit } from 'simple-git';
import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import { type DuetSummary, duetSummarySchema } from '../../src/report/summary/duet-summary-schema.ts';
import { temporaryFolder } from '../temporary.ts';
import { type DuetResult, unmeasuredDuet } from './duet-line.ts';
import type { JudgeSetting } from './setting.ts';
import { scenarioOf, type Workload } from './workloads.ts';

const stopWithinMs = 30_000;
/** How many characters of what the command said are kept: the last ones say why it ended. */
const mostSaid = 2_000;
/** Where a commit says what its proxy does. */
const ruleFile = 'rule.json';

/**
 * Plays a duet of two commits of a repository made for it: both serve the workload's server behind a delaying
 * proxy, and differ in the rule of that alone.
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
    if (existsSync(summary)) return { ...readSummary(summary, workload.changed), wallMinutes };
    return unmeasuredDuet(said.trim().slice(-mostSaid) || 'the command said nothing', wallMinutes);
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
  const words = [
    process.execPath,
    '--import',
    import.meta.resolve('tsx'),
    backend,
    ruleFile,
    workload.server,
  ];
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
function readSummary(file: string, changed: string): Omit<DuetResult, 'wallMinutes'> {
  const { verdict, end, endReason, findings, units } = duetSummarySchema.parse(
    JSON.parse(readFileSync(file, 'utf8')),
  );
  const failed = findings.filter(({ status }) => status === 'fail');
  return {
    end,
    reason: endReason,
    verdict,
    accused: failed.map(({ endpoint, metric }) => ({ endpoint, metric })),
    moved: { p50: movedIn(findings, changed, 'p50'), p95: movedIn(findings, changed, 'p95') },
    restarts: units.measured,
    loadMinutes: units.loadMs / 60_000,
  };
}

function movedIn(findings: DuetSummary['findings'], changed: string, of: 'p50' | 'p95'): number | null {
  const found = findings.find(({ endpoint, metric }) => endpoint === changed && metric === of);
  return found?.change ?? null;
}
