import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from '../../src/store/records/record-file.ts';
import { type MadeRun, madeRuns, scenarios } from './made-runs.ts';

/** The kinds of stores that are made: a branch comes with the index entries that `save` puts there, or without. */
export type MadeKind = 'folder' | 'branch' | 'branch without outlines';

/** A repository with a store of many runs. */
export interface MadeStore {
  /** The folder of the repository. */
  readonly folder: string;
  /** The file of a run that is newer than all that are stored. */
  readonly next: string;
  /** The id of the newest stored run of the same scenario. */
  readonly someId: string;
}

/** The environment of git, and of Plimsoll, in a made repository: no settings of whoever measures. */
const plainEnv: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

/** Makes a repository in an empty folder, and a store of so many runs of its commits. */
export async function madeStore(folder: string, kind: MadeKind, count: number): Promise<MadeStore> {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder], { env: plainEnv });
  await importInto(folder, commitsOf(count));
  const commits = git(folder, 'rev-list', '--reverse', 'main').trim().split('\n');
  mkdirSync(join(folder, 'scenarios'));
  for (const scenario of scenarios) writeFileSync(join(folder, 'scenarios', `${scenario}.yaml`), '');
  const runs = madeRuns(count + 1, commits, { areSaved: kind !== 'folder' });
  const stored = function* () {
    for (let index = 0; index < count; index += 1) yield runs.next().value as MadeRun;
  };
  if (kind === 'folder') {
    const place = join(folder, 'reports', 'runs');
    mkdirSync(place, { recursive: true });
    for (const { name, record } of stored()) writeFileSync(join(place, name), record);
  } else {
    await importInto(folder, branchOf(stored(), kind === 'branch'));
  }
  const { name, record, header } = runs.next().value as MadeRun;
  const next = join(folder, name);
  writeFileSync(next, record);
  const someId = `${(count - scenarios.length).toString(16).padStart(8, '0')}${header.id.slice(8)}`;
  return { folder, next, someId };
}

/** A commit for each round of scenarios. */
function* commitsOf(count: number): Generator<string> {
  for (let commit = 0; commit <= count / scenarios.length; commit += 1) {
    yield commitLines('main', commit, `Change ${commit}`);
    yield fileLines('server.js', `${commit}\n`);
  }
}

function* branchOf(runs: Iterable<MadeRun>, hasOutlines: boolean): Generator<string> {
  yield commitLines('plimsoll-data', 0, 'Save baselines');
  for (const { header, name, record, indexEntry } of runs) {
    const path = `${slug(header.scenario, 60)}/${header.fingerprint.git?.commit}/${name}`;
    yield fileLines(`runs/${path}`, record);
    if (hasOutlines) yield fileLines(`outlines/${path}`, indexEntry);
  }
}

const commitLines = (branch: string, time: number, message: string) =>
  `commit refs/heads/${branch}\ncommitter A <a@example.org> ${1_735_689_600 + time} +0000\n${data(message)}`;
const fileLines = (path: string, text: string) => `M 100644 inline ${path}\n${data(text)}`;
const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** Feeds git's own bulk import. */
async function importInto(folder: string, lines: Iterable<string>): Promise<void> {
  const quick = ['-c', 'core.compression=1', 'fast-import', '--quiet', '--depth=1'];
  const child = spawn('git', quick, { cwd: folder, env: plainEnv, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  for (const line of lines) if (!child.stdin.write(line)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, env: plainEnv, encoding: 'utf8', maxBuffer: 1e9 });
}
