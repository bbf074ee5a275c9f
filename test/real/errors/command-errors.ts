import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ErrorCode } from '../../../src/model/error-table.ts';
import type { Provocation, Scene } from './provocation.ts';
import { scenario } from './scenario-errors.ts';

const url = ['run', '--url', 'http://127.0.0.1:{port}/'];
const whole = [...url, '--rate', '5/s', '--duration', '5s'];

const served = (serve: string, timeout = '20s') =>
  scenario(`serve: { ${serve}, ready: GET /health, timeout: ${timeout} }\nsteps: [GET /]\n`);
const run = ['run', 'a.yaml', '--quiet'];
const sides = (base: string, head: string) => ['duet', 'a.yaml', '--base', base, '--head', head];
const refs = sides('HEAD', 'HEAD');

async function listen({ port }: Scene): Promise<void> {
  const server = createServer(socket => socket.destroy());
  server.unref();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

const inRepository = async (scene: Scene) => await scene.repository();

/** The mistakes on a command line, and what goes wrong where something is started. */
export const commandErrors = {
  'output.unwritable': {
    before: ({ folder }) => writeFile(join(folder, 'out'), 'a file\n'),
    argv: [...whole, '--out', 'out'],
  },
  'output.exists': {
    files: { 'scenarios/items.yaml': scenario() },
    argv: ['init', 'http://127.0.0.1:3000/items'],
  },
  'import.fetch-failed': { argv: ['init', '--openapi', 'http://127.0.0.1:{port}/openapi.json'] },
  'import.other-format': { files: { 'a.har': '{"items":[]}' }, argv: ['init', '--har', 'a.har'] },
  'import.no-request': {
    files: {
      'a.har': '{"log":{"entries":[{"request":{"method":"POST","url":"http://127.0.0.1:3000/items"}}]}}',
    },
    argv: ['init', '--har', 'a.har'],
  },
  'command.unknown-command': { argv: ['rnu', 'scenarios/browse.yaml'] },
  'command.unknown-flag': { argv: [...whole, '--rat', '5/s'] },
  'command.unexpected-argument': { argv: ['judge', 'a.json', 'b.json'] },
  'command.missing-argument': { argv: [...url, '--rate', '5/s'] },
  'command.missing-value': { argv: ['run', '--budgets'] },
  'command.invalid-value': { argv: [...whole, '--workers', '0'] },
  'command.repeated-flag': { argv: [...whole, '--out', 'a', '--out', 'b'] },
  'command.conflicting-flags': { argv: [...url, '--rate', '5/s', '--users', '3', '--duration', '5s'] },
  'command.needs-url': { files: { 'a.yaml': scenario() }, argv: ['run', 'a.yaml', '--rate', '5/s'] },
  'command.no-scenario': { argv: ['run'] },
  'build.failed': {
    files: { 'a.yaml': served('build: exit 7, start: sleep 9') },
    before: inRepository,
    argv: refs,
  },
  'folder.missing': {
    files: { 'sub/a.yaml': served('start: sleep 9') },
    before: inRepository,
    inside: 'sub',
    argv: refs,
  },
  'serve.port-in-use': { files: { 'a.yaml': served('start: sleep 9') }, before: listen, argv: run },
  'serve.exited': { files: { 'a.yaml': served('start: echo no database here; exit 3') }, argv: run },
  'serve.not-ready': { files: { 'a.yaml': served('start: sleep 9', '300ms') }, argv: run },
  'duet.no-serve': { files: { 'a.yaml': scenario() }, before: inRepository, argv: refs },
  'duet.mixed-sides': { files: { 'a.yaml': scenario() }, argv: sides('main', 'http://127.0.0.1:4011') },
  'duet.same-side': {
    files: { 'a.yaml': scenario() },
    argv: sides('http://127.0.0.1:{port}', 'http://127.0.0.1:{port}'),
  },
  'duet.repeated-head': {
    files: { 'a.yaml': served('start: sleep 9') },
    before: inRepository,
    argv: [...refs, '--head', 'HEAD'],
  },
  'duet.repeated-instance': {
    files: { 'a.yaml': scenario() },
    argv: [
      ...sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
      ...['--base', 'http://127.0.0.1:{port}', '--head', 'http://127.0.0.3:{port}'],
    ],
  },
  'duet.uneven-instances': {
    files: { 'a.yaml': scenario() },
    argv: [
      ...sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
      '--head',
      'http://127.0.0.3:{port}',
    ],
  },
  'duet.unsupported-engine': {
    files: {
      'a.yaml': scenario(
        'engine: autocannon\nsteps: [GET /]\n',
        'load: { model: closed, stages: [{ duration: 10s, users: 5 }] }\n',
      ),
    },
    argv: sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
  },
  'duet.unsupported-auth': {
    files: {
      'a.yaml': scenario(
        'defaults: { auth: { oauth2: { tokenUrl: "http://127.0.0.1:{port}/token", clientId: a, clientSecret: { command: [cat, secret] } } } }\nsteps: [GET /]\n',
      ),
    },
    argv: sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
  },
  'duet.unsupported-data': {
    files: {
      'a.yaml': scenario('data: { d: { file: d.csv, pick: unique } }\nsteps: [GET /]\n'),
      'd.csv': 'id\n1\n',
    },
    argv: sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
  },
  'duet.unreached-endpoint': {
    files: { 'a.yaml': scenario('steps: [GET /, { think: 5m }, GET /api/bills]\n') },
    argv: sides('http://127.0.0.1:{port}', 'http://127.0.0.2:{port}'),
  },
  'calibration.tls-target': {
    files: { 'a.yaml': scenario() },
    argv: ['calibrate', 'a.yaml', '--url', 'https://127.0.0.1:{port}'],
  },
  'calibration.unsupported-protocol': {
    files: { 'a.yaml': scenario('protocol: http2\nsteps: [GET /]\n') },
    argv: ['calibrate', 'a.yaml', '--url', 'http://127.0.0.1:{port}'],
  },
} as const satisfies { readonly [code in ErrorCode]?: Provocation };
