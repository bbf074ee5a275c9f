import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Calibration } from '../../src/model/duet/calibration.ts';
import { calibrationFor, readCalibration } from '../../src/store/records/calibration-file.ts';
import { gitEnv, newRepository, type Repository } from '../real/store/repository.ts';
import { measured, until, type Workspace, workspace } from './plimsoll.ts';

const env = { ...gitEnv, CI: undefined, GITHUB_ACTIONS: undefined, GITHUB_BASE_REF: undefined };

/** An API that ends after so many requests. */
const api = (most: number) => `
const { createServer } = require('node:http');
let count = 0;
createServer((request, response) => {
  count += 1;
  if (count === ${most}) { console.error('out of letters', process.env.LETTERS_KEY); process.exit(7); }
  setTimeout(() => response.end('{}'), 4);
}).listen(Number(process.env.PORT), process.env.HOST);
`;

const scenario = `name: letters
target: http://127.0.0.1:4010
serve: { start: 'LETTERS_KEY=\${LETTERS_KEY:-} exec node api.cjs', ready: GET /ready, timeout: 5s }
load: { model: open, stages: [{ duration: 2s, rate: 400/s }] }
steps: [GET /letters]
`;

/** Two starts of three phases, less than a second each: 160 requests a side, and p95 needs 100. */
const brief = ['--restarts', '2', '--slot', '100ms', '--pairs', '4'];
const short = ['--effects', '100%', ...brief];

/** The processes of delaying proxies and servers whose command line or environment names this folder. */
function processesOf(folder: string): readonly string[] {
  const workspaces = readdirSync(tmpdir())
    .filter(name => name.startsWith('plimsoll-workspace-'))
    .map(name => join(tmpdir(), name))
    .filter(workspace => textOf(join(workspace, 'note.json')).includes(folder));
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => /delaying-proxy|api\.cjs/.test(textOf(`/proc/${pid}/cmdline`)))
    .filter(pid => {
      const around = textOf(`/proc/${pid}/environ`);
      return (
        around.includes(`CALIBRATED=${folder}`) || workspaces.some(workspace => around.includes(workspace))
      );
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

describe('plimsoll calibrate', () => {
  let here: Workspace;
  let repository: Repository;
  let own: NodeJS.ProcessEnv;
  let ending = '';

  before(async () => {
    here = await workspace();
    own = { ...env, CALIBRATED: here.folder };
    repository = newRepository(here.folder);
    await here.write('.gitignore', 'reports\n');
    await here.write('scenarios/letters.yaml', scenario);
    for (const most of [900, 1_000_000]) {
      await writeFile(join(here.folder, 'api.cjs'), api(most));
      repository.run('add', '--all');
      repository.run('commit', '--quiet', `--message=${most}`);
      if (most === 900) ending = repository.run('rev-parse', 'HEAD');
    }
  });
  after(() => here.dispose());

  const assertClean = async () => {
    await until(() => processesOf(here.folder).length === 0);
    assert.equal(repository.run('worktree', 'list').split('\n').length, 1, 'a worktree is left');
  };

  it('measures a commit against itself, with and without delays, and keeps what it learned', async t => {
    // What is not committed is in no build, and hinders none.
    await here.write('api.cjs', 'process.exit(9);');
    const ended = await measured(t, () => here.run(['calibrate', 'letters', ...short], own));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /^letters: Too few restarts were recorded to say what a duet finds on this machine\./,
    );
    assert.match(stdout, /\+100% on the tail/);
    assert.match(stderr, /^restart 2 of 2 · about \d+ min left$/m, 'a log shows how far it is');
    const [name = ''] = readdirSync(join(here.folder, 'reports', 'calibrations'));
    const calibration = await readCalibration(join(here.folder, 'reports', 'calibrations', name));
    assert.deepEqual(
      calibration.restarts.map(({ number, phases }) => [number, phases.map(({ rule }) => rule.kind).sort()]),
      [1, 2].map(number => [number, ['none', 'scale', 'tail']]),
    );
    assert.equal(calibration.contestant.kind === 'ref' && calibration.contestant.ref, 'HEAD');
    assert.deepEqual(calibration.findings.power[0]?.rule, { kind: 'scale', factor: 1 });
    assertDelayed(calibration);
    assert.match(await here.read('reports/calibration.md'), /What the injected delays did/);
    const summary = JSON.parse(await here.read('reports/calibration.json')) as { readonly measured: number };
    assert.equal(summary.measured, 2);
    await assertClean();
  });

  it('is found again for the same scenario on this machine, and replaced by the next', async t => {
    const folder = join(here.folder, 'reports', 'calibrations');
    const [name] = readdirSync(folder);
    if (name === undefined) return t.skip('nothing was measured before');
    const kept = await readCalibration(join(folder, name));
    assert.deepEqual((await calibrationFor(folder, kept)).calibration, kept);
    const again = ['calibrate', '--effects', 'none', ...brief, '--quiet'];
    const ended = await measured(t, () => here.run(again, own));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^letters: Too few restarts were recorded/);
    assert.doesNotMatch(stderr, /^restart/m, 'quiet is quiet');
    assert.deepEqual(readdirSync(folder), [name]);
    assert.notEqual((await calibrationFor(folder, kept)).calibration?.header.id, kept.header.id);
    await assertClean();
  });

  it('tells that a server ended amid it, keeps nothing and leaves nothing: exit 3', async () => {
    const out = join(here.folder, 'reports', 'other');
    const args = ['calibrate', 'letters', '--ref', ending, '--out', out, ...short];
    const secret = { ...own, LETTERS_KEY: 'of-25-and-one-letters' };
    const { code, stdout, stderr } = await here.run(args, secret);
    assert.equal(code, 3, stdout + stderr);
    assert.match(stderr, /the calibration broke off \[calibration\.broken-off\]/);
    assert.match(stderr, /out of letters/);
    assert.doesNotMatch(stdout + stderr, /of-25-and-one-letters/);
    assert.deepEqual(readdirSync(join(out, 'calibrations')), []);
    await assertClean();
  });

  it('stops at Ctrl-C, and leaves nothing: exit 130', async () => {
    const started = here.start(['calibrate', 'letters', ...short], own);
    await until(() => processesOf(here.folder).length === 4, 60);
    started.process.kill('SIGINT');
    assert.equal((await started.ended).code, 130);
    await assertClean();
  });

  for (const [what, args, words] of [
    ['an effect without a percent sign', ['--effects', '10'], /--effects[\s\S]*--effects 5%,10%,20%/],
    ['the same effect twice', ['--effects', '10%,10.0%'], /different percentages/],
    ['one start', ['--restarts', '1'], /--restarts/],
    ['a URL as a ref', ['--ref', 'http://127.0.0.1:1'], /--ref[\s\S]*goes to --url/],
    ['a ref as a URL', ['--url', 'HEAD'], /--url[\s\S]*over http/],
    ['both', ['--ref', 'HEAD', '--url', 'http://127.0.0.1:1'], /mutually exclusive|not both|ref/],
    ['a target over TLS', ['--url', 'https://127.0.0.1:1'], /answers over TLS cannot be delayed/],
    ['a ref that does not exist', ['--ref', 'no-such'], /no-such/],
  ] as const) {
    it(`refuses ${what}: exit 2`, async () => {
      const { code, stderr } = await here.answer(['calibrate', 'letters', ...args], own);
      assert.equal(code, 2, stderr);
      assert.match(stderr, words);
    });
  }
});

/** A delay of what an answer took doubles it, which no load of this machine can hide. */
function assertDelayed({ restarts, findings }: Calibration): void {
  for (const { delayed, phases } of restarts) {
    const scale = phases.find(({ rule }) => rule.kind === 'scale');
    const [reading] = scale?.restart.endpoints ?? [];
    const other = delayed === 'base' ? 'head' : 'base';
    // The API takes at least 4 ms, less what a timer may be early by.
    assert.ok((reading?.[delayed].p50Us ?? 0) >= 5_800, `${reading?.[delayed].p50Us} µs`);
    assert.ok((reading?.[other].requests ?? 0) > 0, 'both sides are loaded');
    assert.equal(reading?.base.errors, 0);
    assert.equal(reading?.head.errors, 0);
  }
  const [scale] = findings.power;
  assert.equal(
    typeof scale?.shifts[0]?.p50?.value,
    'number',
    'what the delay did to the ratio of the sides is told',
  );
}

describe('plimsoll calibrate of an API that runs already', () => {
  let here: Workspace;
  const hosts = new Set<string | undefined>();
  const server = createServer((request, response) => {
    hosts.add(request.headers.host);
    setTimeout(() => response.end('{}'), 4);
  });
  before(async () => {
    here = await workspace();
    await here.write('scenarios/letters.yaml', scenario);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await here.dispose();
  });

  it('measures rounds, names the host that was asked for, and says that this tells nothing of starts', async t => {
    const host = `localhost:${(server.address() as AddressInfo).port}`;
    const args = ['calibrate', 'letters', '--url', `http://${host}`, ...short, '--format', 'markdown'];
    const ended = await measured(t, () => here.run(args, env));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Too few rounds were recorded/);
    assert.match(stdout, /Rounds of one instance tell nothing of how far starts of its build differ/);
    assert.doesNotMatch(stdout, /slower than itself|starts differ by/);
    const [name = ''] = readdirSync(join(here.folder, 'reports', 'calibrations'));
    const calibration = await readCalibration(join(here.folder, 'reports', 'calibrations', name));
    assert.deepEqual(calibration.contestant, { kind: 'url', url: `http://${host}` });
    assert.equal(calibration.findings.startSpread, null);
    assertDelayed(calibration);
    assert.deepEqual([...hosts], [host]);
  });
});
