import { execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunRecord } from '../../../src/model/run/record.ts';
import { type Git, gitIn } from '../../../src/store/git/git.ts';
import { exampleRecord, type RecordExample } from '../../fixtures/record.ts';
import { program } from '../../program.ts';

/** The environment of git in these tests: no settings of whoever runs them. */
export const gitEnv: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

const person = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

/** A real repository, or a clone of one. */
export interface Repository {
  readonly folder: string;
  readonly git: Git;
  /** Runs git as a person does, and returns what it prints. */
  run(...args: string[]): string;
  /** Makes a commit and returns its id. */
  commit(message: string): Promise<string>;
}

/** The repository in a folder that git knows already. */
export function repositoryAt(folder: string): Repository {
  const run = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...gitEnv, ...person },
    }).trim();
  return {
    folder,
    git: gitIn(folder, gitEnv),
    run,
    async commit(message) {
      await writeFile(join(folder, 'server.js'), `${message}\n`);
      run('add', 'server.js');
      run('commit', '--quiet', `--message=${message}`);
      return run('rev-parse', 'HEAD');
    },
  };
}

/** A new repository with the branch main and no commit. */
export function newRepository(folder: string): Repository {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder], { env: gitEnv });
  return repositoryAt(folder);
}

/** A new bare repository, for others to push to. */
export function newRemote(folder: string): Repository {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder], { env: gitEnv });
  return repositoryAt(folder);
}

/** A clone of a repository, with git's own protocol, so that `--depth` means something. */
export function cloneOf(remote: string, folder: string, ...options: string[]): Repository {
  execFileSync('git', ['clone', '--quiet', ...options, `file://${remote}`, folder], {
    env: gitEnv,
    stdio: 'pipe',
  });
  return repositoryAt(folder);
}

/** A small record of a run, with what differs from the usual one. */
export function runOf(
  id: string,
  about: {
    readonly commit?: string | null;
    readonly branch?: string | null;
    readonly dirty?: boolean;
    readonly startedAt?: string;
    readonly scenario?: string;
    readonly digest?: string;
    readonly file?: string | null;
    readonly target?: string;
    readonly subject?: RunRecord['header']['subject'];
    readonly cpu?: string;
    readonly medianMs?: number;
    readonly measurement?: RecordExample['measurement'];
  } = {},
): RunRecord {
  const { commit = 'c'.repeat(40), branch = 'main', dirty = false, cpu, medianMs = 10, measurement } = about;
  const { header } = usual;
  const { fingerprint } = header;
  return exampleRecord({
    endpoints: [{ name: 'GET /api/bills', rate: 20, medianMs }],
    warmupS: 0,
    stagesS: [5],
    ...(measurement === undefined ? {} : { measurement }),
    header: {
      id,
      startedAt: about.startedAt ?? header.startedAt,
      scenario: about.scenario ?? header.scenario,
      digest: about.digest ?? header.digest,
      file: about.file === undefined ? header.file : about.file,
      target: about.target ?? header.target,
      ...(about.subject === undefined ? {} : { subject: about.subject }),
      fingerprint: {
        ...fingerprint,
        cpu: cpu ?? fingerprint.cpu,
        git: commit === null ? null : { commit, branch, dirty },
      },
    },
  });
}

/** The same run, had the generator been its bottleneck. */
export function notMeasured(run: RunRecord): RunRecord {
  const { measurement } = run;
  const generator = { ...measurement.generator, exhausted: { EMFILE: 3 } };
  return { ...run, measurement: { ...measurement, generator } };
}

const usual = exampleRecord({ endpoints: [], warmupS: 0, stagesS: [1] });

/** A process of its own that saves runs, as `store-process.ts` does. */
export function storeProcess(...args: string[]) {
  const { file, execArgv } = program(new URL('store-process.ts', import.meta.url));
  const child = spawn(process.execPath, [...execArgv, file, ...args], {
    env: gitEnv,
    // A group of its own, so that git goes with it when it is killed.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', chunk => {
    output.stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    output.stderr += chunk;
  });
  const ended = new Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>((done, failed) => {
    child.once('error', failed);
    child.once('close', code => done({ code, ...output }));
  });
  return { child, output, ended };
}
