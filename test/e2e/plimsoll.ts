import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { command, ownWords, type Said } from '../command.ts';

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** The built command. */
export const bin = join(root, 'dist', 'cli', 'bin.js');

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A command under way. */
export interface Started {
  readonly process: ChildProcess;
  /** What it has written to standard error so far. */
  stderr(): string;
  readonly ended: Promise<Ended>;
}

/** An empty folder to run the built command line in; removed by `dispose`. */
export interface Workspace {
  readonly folder: string;
  start(args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string): Started;
  run(args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string): Promise<Ended>;
  /** Runs a command that neither measures nor is signalled inside this process, which costs a tenth. */
  answer(args: readonly string[], env?: NodeJS.ProcessEnv, cwd?: string): Promise<Said>;
  write(file: string, content: string | object): Promise<string>;
  read(file: string): Promise<string>;
  summary(): Promise<Summary>;
  dispose(): Promise<void>;
}

/** In CI a run is made again that the generator spoiled. */
const outsideOfCi = { CI: undefined, GITHUB_ACTIONS: undefined, GITLAB_CI: undefined };

/** Exact send times keep a core busy, of which tests have two for seven at once; those that need them ask for them. */
const thrift = (args: readonly string[]) =>
  args[0] === 'run' && !args.some(arg => arg.startsWith('--pacing')) && !args.includes('--')
    ? ['--pacing=economical']
    : [];

/** Makes a workspace. */
export async function workspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-e2e-'));
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = folder): Started => {
    const began = performance.now();
    const child = spawn(process.execPath, [bin, ...args, ...thrift(args)], {
      cwd,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...outsideOfCi, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => {
      stdout += chunk;
    });
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    const ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout,
      stderr: ownWords(stderr),
      seconds: (performance.now() - began) / 1_000,
    }));
    return { process: child, stderr: () => stderr, ended };
  };
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    folder,
    start,
    run: (args, env, cwd) => start(args, env, cwd).ended,
    async answer(args, env, cwd = folder) {
      const before = process.cwd();
      process.chdir(cwd);
      try {
        return await command(args, { cwd, env: { ...process.env, ...outsideOfCi, ...env } });
      } finally {
        process.chdir(before);
      }
    },
    async write(file, content) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      return path;
    },
    read,
    summary: async () => JSON.parse(await read('reports/summary.json')) as Summary,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A loose budget, so that a busy machine is not taken for a slow target or a late generator. */
export const looseBudgets = { defaults: { p95: '8s', errorRate: '1%' } };

const tooBusy = /the generator (?:sent too late|was the bottleneck)/;

/**
 * Runs a command once more, and again, while it says that the machine was too busy for it: what is busy with something else
 * measures nothing, which is right and no test's business. Where it always is, the test is skipped, and null comes back.
 */
export async function measured(t: TestContext, command: () => Promise<Ended>): Promise<Ended | null> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const ended = await command();
    if (ended.code !== 3 || !tooBusy.test(`${ended.stdout}${ended.stderr}`.replaceAll(/\s+/g, ' ')))
      return ended;
  }
  t.skip('this machine is too busy to measure anything');
  return null;
}

/** Resolves when the condition holds; rejects after the given time. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not so within ${seconds} s: ${holds}`);
    await new Promise(later => setTimeout(later, 50));
  }
}
