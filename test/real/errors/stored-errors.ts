import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../../src/model/error-table.ts';
import { recordText } from '../../../src/store/records/record-file.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { jmeterCsv, requests, vegetaJson } from '../../fixtures/foreign-results.ts';
import { newRemote, runOf } from '../store/repository.ts';
import type { Provocation, Scene } from './provocation.ts';

const record = (...about: Parameters<typeof runOf>) => recordText(runOf(...about));
const votes = { scenario: 'votes', file: 'scenarios/votes.yaml', commit: 'd'.repeat(40) };
const before = record('run-before');
const both = {
  'before.json': before,
  'after.json': record('run-after', { ...votes, digest: 'e'.repeat(64) }),
};
const saved = ({ plimsoll }: Scene) => plimsoll('baseline', 'save', 'before.json', 'after.json');

/** A record as a later Plimsoll might write it. */
const newer = (text: string) =>
  JSON.stringify({ ...JSON.parse(text), schemaVersion: 99, measurement: 'in another file' });

/** A repository with a baseline on its branch. */
async function kept(scene: Scene) {
  const repository = await scene.repository();
  await scene.plimsoll('baseline', 'save', 'before.json');
  return repository;
}

/** The same, with a remote that does not exist. */
async function remote(scene: Scene): Promise<void> {
  (await kept(scene)).run('remote', 'add', 'origin', join(scene.folder, 'nowhere.git'));
}

/** The same, with a remote that lets nobody push. */
async function refusing(scene: Scene): Promise<void> {
  const remote = newRemote(join(scene.folder, 'remote.git'));
  await writeFile(join(remote.folder, 'hooks', 'pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  (await kept(scene)).run('remote', 'add', 'origin', remote.folder);
}

const items =
  'target: http://127.0.0.1:1\nload: { model: closed, users: 1, iterations: 1, maxDuration: 1s }\nsteps: [GET /]\n';

/** The mistakes around records, stored baselines and other commits. */
export const storedErrors = {
  'gate.no-base': {
    files: { 'a.yaml': items },
    before: async scene => (await scene.repository()).run('branch', '--move', 'change'),
    argv: ['run', 'a.yaml', '--gate', 'base'],
    env: { GITHUB_BASE_REF: 'main' },
  },
  'gate.scenario-gone': {
    files: { 'scenarios/items.yaml': items },
    before: async scene => {
      const code = await scene.repository();
      code.run('add', '--all');
      code.run('commit', '--quiet', '--message=second');
      code.run('checkout', '--quiet', '-b', 'change');
      code.run('mv', 'scenarios/items.yaml', 'scenarios/things.yaml');
    },
    argv: ['run', '--gate', 'base'],
    env: { GITHUB_BASE_REF: 'main' },
  },
  'record.corrupt': {
    files: { 'cut.json': '' },
    argv: ['judge', 'cut.json'],
  },
  'record.newer-version': {
    files: { 'new.json': newer(before) },
    argv: ['judge', 'new.json'],
  },
  'record.other-kind': {
    files: { 'summary.json': '{ "schemaVersion": 1, "verdict": "pass", "runs": [] }' },
    argv: ['judge', 'summary.json'],
  },
  'record.not-a-measurement': {
    files: {
      'cut-short.json': record('cut-short', {
        measurement: { completion: { state: 'interrupted', signal: 'SIGINT' } },
      }),
    },
    argv: ['baseline', 'save', 'cut-short.json'],
  },
  'duet.not-continuable': {
    files: {
      'duet.json': JSON.stringify(
        exampleDuet({ restarts: 9, changes: { end: { state: 'broken', reason: 'head ended' } } }),
      ),
    },
    argv: ['duet', '--continue', 'duet.json'],
  },
  'compare.same-run': { files: both, argv: ['compare', 'before.json', 'before.json'] },
  'compare.not-comparable': { files: both, argv: ['compare', 'before.json', 'after.json'] },
  'history.unknown-metric': { files: both, before: saved, argv: ['history', '--metric', 'p95s'] },
  'history.unknown-scenario': { files: both, before: saved, argv: ['history'] },
  'history.unknown-endpoint': {
    files: both,
    before: saved,
    argv: ['history', 'GET /api/bill', '--scenario', 'votes'],
  },
  'store.no-run': { argv: ['baseline', 'show', 'abcd'] },
  'store.ambiguous-run': { files: both, before: saved, argv: ['baseline', 'show', 'run-'] },
  'store.no-repository': { argv: ['baseline', 'list', '--store', 'git'] },
  'store.no-remote': { files: both, before: kept, argv: ['baseline', 'push'] },
  'store.branch-corrupt': {
    before: async scene => {
      await scene.repository();
      await writeFile(join(scene.folder, '.git/refs/heads/plimsoll-data'), `${'a'.repeat(40)}\n`);
    },
    argv: ['baseline', 'list'],
  },
  'store.branch-checked-out': {
    files: both,
    before: async scene => (await kept(scene)).run('checkout', '--quiet', 'plimsoll-data'),
    argv: ['baseline', 'save', 'after.json'],
  },
  'store.branch-name-taken': {
    files: both,
    before: async scene => (await scene.repository()).run('branch', 'plimsoll-data/mine'),
    argv: ['baseline', 'save', 'before.json'],
  },
  'store.push-failed': { files: both, before: refusing, argv: ['baseline', 'push'] },
  'store.fetch-failed': { files: both, before: remote, argv: ['baseline', 'pull'] },
  'store.git-failed': {
    before: async scene => {
      await scene.repository();
      await writeFile(join(scene.folder, '.git/config'), '[core\n');
    },
    argv: ['baseline', 'list', '--store', 'git'],
  },
  'git.unknown-ref': {
    files: {
      'a.yaml':
        'target: http://127.0.0.1:4010\nserve: { start: npm start, ready: GET /health }\nload: { model: open, stages: [{ duration: 1s, rate: 5/s }] }\nsteps: [GET /]\n',
    },
    before: scene => scene.repository(),
    argv: ['duet', 'a.yaml', '--base', 'mian', '--head', 'HEAD'],
  },
  'results.other-tool': {
    files: { 'results.json': vegetaJson(requests(1)) },
    argv: ['judge', '--from', 'k6', 'results.json'],
  },
  'results.unknown-format': {
    files: { 'results.json': '{ "mean": 12, "p95": 40 }' },
    argv: ['judge', '--from', 'oha', 'results.json'],
  },
  'results.invalid-value': {
    files: { 'results.jtl': jmeterCsv(requests(1)).replace(',1,"GET', ',-1,"GET') },
    argv: ['judge', '--from', 'jmeter', 'results.jtl'],
  },
  'results.no-requests': {
    files: { 'results.jtl': jmeterCsv([]) },
    argv: ['judge', '--from', 'jmeter', 'results.jtl'],
  },
  'results.no-scenario': {
    files: {
      'results.json': vegetaJson(requests(1)),
      'budgets.json': '{ "scenarios": { "browse": {}, "checkout": {} } }',
    },
    argv: ['judge', '--from', 'vegeta', 'results.json'],
  },
} as const satisfies { readonly [code in ErrorCode]?: Provocation };
