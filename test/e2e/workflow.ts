import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { gitEnv, newRepository } from '../real/store/repository.ts';
import { bin, root } from './plimsoll.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: { readonly [name: string]: string };
  readonly with?: { readonly [input: string]: string };
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly permissions?: { readonly [scope: string]: 'read' | 'write' };
  readonly steps: readonly Step[];
}

/** A workflow of GitHub Actions, as far as the pages use them. */
export interface Workflow {
  readonly permissions: { readonly [scope: string]: 'read' | 'write' };
  readonly jobs: { readonly [name: string]: Job };
}

/** The workflows that a page shows, by their path, which stands in the first line of each. */
export async function workflowsIn(page: string): Promise<ReadonlyMap<string, readonly Workflow[]>> {
  const text = await readFile(join(root, page), 'utf8');
  const shown = new Map<string, readonly Workflow[]>();
  for (const [, yaml = ''] of text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
    const [, path] = /^# (\.github\/workflows\/\S+)\n/.exec(yaml) ?? [];
    if (path) shown.set(path, [...(shown.get(path) ?? []), parse(yaml) as Workflow]);
  }
  return shown;
}

/** What happened, as GitHub tells it in the environment. */
export interface Happening {
  readonly event_name: 'push' | 'pull_request';
  readonly ref: string;
  readonly base?: string;
  readonly head?: string;
  /** Of the pull request. */
  readonly labels?: readonly string[];
}

/** How a job ended, and what each of its commands printed. */
export interface EndedJob {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly ran: readonly { readonly run: string; readonly code: number | null; readonly output: string }[];
  readonly summary: string;
}

/**
 * Plays the jobs of a workflow one after another, as a runner does: each in a folder of its own with a shell of its own, on
 * a shallow checkout of the bare repository `origin`, which takes a push only from a job that may write. `plimsoll` and `npx`
 * are the built command.
 */
export async function play(
  workflow: Workflow,
  happening: Happening,
  { origin, folder }: { readonly origin: string; readonly folder: string },
): Promise<{ readonly [job: string]: EndedJob }> {
  const artifacts = join(folder, 'artifacts');
  const ended: { [job: string]: EndedJob } = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const isNeeded = job.needs === undefined || ended[job.needs]?.result === 'success';
    if (!holds(job.if, happening, isNeeded)) {
      ended[name] = { result: 'skipped', ran: [], summary: '' };
      continue;
    }
    ended[name] = await playJob(job, happening, { origin, artifacts, folder: join(folder, name) });
  }
  return ended;
}

async function playJob(
  job: Job,
  happening: Happening,
  {
    origin,
    artifacts,
    folder,
  }: { readonly origin: string; readonly artifacts: string; readonly folder: string },
): Promise<EndedJob> {
  const code = join(folder, 'code');
  const tools = join(folder, 'tools');
  await mkdir(tools, { recursive: true });
  const tool = (name: string, script: string) =>
    writeFile(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await tool('plimsoll', `exec '${process.execPath}' '${bin}' "$@"`);
  await tool('npx', 'exec "$@"');
  const summary = join(folder, 'summary.md');
  await writeFile(summary, '');
  const env: NodeJS.ProcessEnv = {
    ...gitEnv,
    PATH: `${tools}:${process.env.PATH}`,
    HOME: folder,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: happening.event_name,
    GITHUB_REF: happening.ref,
    GITHUB_REF_NAME: happening.ref.replace(/^refs\/(?:heads|pull)\//, ''),
    GITHUB_BASE_REF: happening.base ?? '',
    GITHUB_HEAD_REF: happening.head ?? '',
    GITHUB_STEP_SUMMARY: summary,
    TOKEN_MAY_WRITE: String(job.permissions?.contents === 'write'),
  };
  const ran: EndedJob['ran'][number][] = [];
  let isFine = true;
  for (const step of job.steps) {
    if (!holds(step.if, happening, isFine)) continue;
    if (step.run === undefined) {
      await use(step, { code, origin, artifacts, ref: happening.ref });
      continue;
    }
    const { exit, output } = await inShell(step.run, code, { ...env, ...filled(step.env ?? {}, happening) });
    ran.push({ run: step.run, code: exit, output });
    isFine &&= exit === 0;
  }
  return { result: isFine ? 'success' : 'failure', ran, summary: await readFile(summary, 'utf8') };
}

/** Whether an `if` holds; without a function of its own it asks for success as well. */
function holds(condition: string | undefined, github: Happening, isFine: boolean): boolean {
  const expression = condition?.replace(/^\$\{\{([\s\S]*)\}\}$/, '$1') ?? 'success()';
  const functions = {
    always: () => true,
    cancelled: () => false,
    success: () => isFine,
    failure: () => !isFine,
  };
  const value = evaluated(expression, github, functions);
  return /\b(?:always|cancelled|success|failure)\(/.test(expression)
    ? value === true
    : isFine && value === true;
}

/** Variables whose values are expressions. */
function filled(env: NonNullable<Step['env']>, github: Happening): NodeJS.ProcessEnv {
  const fill = (text: string) =>
    text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression: string) => String(evaluated(expression, github)));
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
}

/** The value of an expression of GitHub's, as far as the pages use them. */
function evaluated(
  expression: string,
  { labels = [], ...github }: Happening,
  functions: object = {},
): unknown {
  const event = { pull_request: { labels: labels.map(name => ({ name })) } };
  const contains = (list: readonly string[], item: string) => list.includes(item);
  const script = expression.replaceAll(/\.\*\.(\w+)/g, '.map(one => one.$1)');
  return runInNewContext(script, { ...functions, contains, github: { ...github, event } }) as unknown;
}

/** What the actions do that the pages use. */
async function use(
  { uses = '', with: inputs = {} }: Step,
  { code, origin, artifacts, ref }: { [of in 'code' | 'origin' | 'artifacts' | 'ref']: string },
): Promise<void> {
  const [action] = uses.split('@');
  const { name = '', path = '' } = inputs;
  if (action === 'actions/upload-artifact') {
    await cp(join(code, path), join(artifacts, name), { recursive: true });
  } else if (action === 'actions/download-artifact') {
    await cp(join(artifacts, name), join(code, path), { recursive: true });
  } else if (action === 'actions/checkout') {
    const { run } = newRepository(code);
    const local = ref.replace(/^refs\/(?:heads\/(.*)|(pull\/.*))$/, 'refs/remotes/origin/$1$2');
    run('remote', 'add', 'origin', `file://${origin}`);
    run('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+${ref}:${local}`);
    const branch = /^refs\/heads\/(.*)$/.exec(ref)?.[1];
    run('checkout', '--quiet', '--force', ...(branch ? ['-B', branch, local] : [local]));
  } else throw new Error(`nothing is known here of ${uses}`);
}

async function inShell(script: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk;
    });
  }
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, output };
}
