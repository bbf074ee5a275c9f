import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, root, type Workspace, workspace } from './plimsoll.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: { readonly [name: string]: string };
}

interface Action {
  readonly inputs: { readonly [name: string]: { readonly default: string } };
  readonly outputs: { readonly [name: string]: { readonly value: string } };
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

describe('the GitHub Action', () => {
  let action: Action;
  let target: ScriptedTarget;
  let here: Workspace;
  let checkout: string;
  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'plimsoll-action-'));
    for (const part of [
      ...[
        'package.json',
        'package-lock.json',
        'tsconfig.json',
        'tsconfig.build.json',
        'rolldown.config.js',
        'scripts',
        'src',
        'schema',
        'examples',
      ],
    ]) {
      const filter = (path: string) => !path.includes('node_modules');
      await cp(join(root, part), join(checkout, part), { recursive: true, filter });
    }
    action = parse(await readFile(join(root, 'action.yml'), 'utf8')) as Action;
    target = await startTarget({ '/ok': { delayMs: 2 }, '/slow': { delayMs: 1_500 } });
    here = await workspace();
    await here.write('budgets.json', looseBudgets);
    await here.write('strict.json', { endpointDefaults: { p50: '1s' } });
    for (const path of ['ok', 'slow']) {
      await here.write(
        `scenarios/${path}.yaml`,
        `name: ${path}\ntarget: http://127.0.0.1:1\nload: { model: open, stages: [{ duration: 2s, rate: 200/s }] }\nsteps: [GET /${path}]\n`,
      );
    }
  });
  after(async () => {
    await target.stop();
    await here.dispose();
    await rm(checkout, { recursive: true, force: true });
  });

  /** Runs the action's shell steps as a runner does: expressions filled in, `bash -e`, files for outputs and summary. */
  async function runAction(given: { readonly [input: string]: string }) {
    const files = {
      GITHUB_OUTPUT: join(here.folder, 'output'),
      GITHUB_STEP_SUMMARY: join(here.folder, 'summary.md'),
    };
    for (const file of Object.values(files)) await writeFile(file, '');
    const fill = (text: string) =>
      text.replace(/\$\{\{ *(.+?) *\}\}/g, (_, expression: string) => {
        if (expression === 'github.action_path') return checkout;
        const input = /^inputs\.([\w-]+)$/.exec(expression)?.[1];
        assert.ok(input && action.inputs[input], `unknown expression ${expression}`);
        return given[input] ?? action.inputs[input].default;
      });
    let code: number | null = 0;
    let stdout = '';
    let stderr = '';
    for (const step of action.runs.steps) {
      if (step.run === undefined) continue;
      assert.equal(step.shell, 'bash');
      assert.doesNotMatch(step.run, /\$\{\{/, 'inputs reach the shell through the environment alone');
      const script = join(here.folder, 'step.sh');
      await writeFile(script, step.run);
      const env = Object.fromEntries(
        Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]),
      );
      const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd: here.folder,
        env: {
          ...process.env,
          NODE_TEST_CONTEXT: undefined,
          npm_config_prefer_offline: 'true',
          ...files,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.on('data', chunk => {
        stdout += chunk;
      });
      child.stderr.on('data', chunk => {
        stderr += chunk;
      });
      [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) break;
    }
    const written = await here.read('output');
    const outputs = Object.fromEntries(
      written
        .trim()
        .split('\n')
        .map(line => line.split(/=(.*)/s).slice(0, 2)),
    );
    return { code, outputs, stdout, stderr, summary: await here.read('summary.md') };
  }

  it('sets up Node and declares what it puts out', () => {
    assert.equal(action.runs.using, 'composite');
    assert.match(action.runs.steps[0]?.uses ?? '', /^actions\/setup-node@v\d+$/);
    assert.deepEqual(Object.keys(action.outputs), ['verdict', 'report']);
  });

  it('builds a commit as it is checked out, puts the report into the job summary, and passes where the budgets hold', async () => {
    assert.equal(existsSync(join(checkout, 'dist')), false);
    const { code, outputs, stdout, stderr, summary } = await runAction({
      scenarios: 'ok',
      target: target.url,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(outputs, { verdict: 'pass', report: 'plimsoll-report/report.md' });
    assert.equal(summary, await here.read('plimsoll-report/report.md'));
    assert.ok(existsSync(join(checkout, 'node_modules', 'typescript')), 'it was built');
  });

  it('needs no compiler where the built files are there, as in a release', async () => {
    await rm(join(checkout, 'node_modules'), { recursive: true });
    const { code, stdout, stderr } = await runAction({ scenarios: 'ok', target: target.url });
    assert.equal(code, 0, stdout + stderr);
    assert.equal(existsSync(join(checkout, 'node_modules', 'typescript')), false);
  });

  it('keeps the exit code and writes the report where a budget is exceeded', async () => {
    const { code, outputs, summary } = await runAction({
      scenarios: 'scenarios/ok.yaml\nscenarios/slow.yaml\n',
      budgets: 'strict.json',
      target: target.url,
      out: 'a folder/with blanks',
    });
    assert.equal(code, 1);
    assert.equal(outputs.verdict, 'fail');
    assert.equal(outputs.report, 'a folder/with blanks/report.md');
    assert.match(summary, /GET \/slow/);
  });

  it('says what is wrong where nothing was measured, and takes no old report for a new one', async () => {
    const { code, outputs, stderr, summary } = await runAction({ scenarios: 'missing', target: target.url });
    assert.equal(code, 2);
    assert.deepEqual(outputs, { verdict: 'error', report: '' });
    assert.match(stderr, /missing\.yaml: the file does not exist \[file\.missing\]/);
    assert.match(summary, /\n {4}.*missing\.yaml: the file does not exist \[file\.missing\]\n/);
  });

  it('reports a scenario whose API does not start beside the others', async () => {
    await here.write(
      'dead.yaml',
      'name: dead\ntarget: http://127.0.0.1:1\nserve: { start: exit 3, ready: GET / }\nload: { model: open, stages: [{ duration: 1s, rate: 5/s }] }\nsteps: [GET /]\n',
    );
    const { code, outputs, summary } = await runAction({ scenarios: 'dead.yaml' });
    assert.equal(code, 3);
    assert.deepEqual(outputs, { verdict: 'invalid', report: 'plimsoll-report/report.md' });
    assert.match(summary, /the API ended before it was ready: exit code 3/);
  });

  it('takes a line for a scenario even where it begins like a flag', async () => {
    const { code, stderr } = await runAction({ scenarios: '--help\n', target: target.url });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /scenarios\/--help\.yaml: the file does not exist \[file\.missing\]/);
  });

  it('refuses a folder that a shell or an output file would take for something else, before any load', async () => {
    const before = (await target.counts()).requests;
    for (const out of ['', '-p', 'reports\nverdict=pass', '--require=./evil.cjs']) {
      const { code, outputs, stderr } = await runAction({ scenarios: 'ok', target: target.url, out });
      assert.equal(code, 2, stderr);
      assert.deepEqual(outputs, { verdict: 'error', report: '' });
      assert.match(stderr, /--out: invalid value of a flag/);
    }
    assert.equal((await target.counts()).requests, before);
  });

  it('does not run what its inputs say', async () => {
    const { code } = await runAction({
      scenarios: '$(touch injected); `touch injected`',
      target: target.url,
    });
    assert.equal(code, 2);
    await assert.rejects(here.read('injected'));
  });
});
