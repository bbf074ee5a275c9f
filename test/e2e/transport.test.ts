import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CountingServer, startCountingServer } from '../real/engine/counting-server.ts';
import { type SecureServer, startSecureServer } from '../real/engine/secure-server.ts';
import { looseBudgets, root, type Workspace, workspace } from './plimsoll.ts';

// A busy machine may take more than one attempt.
const load = ['--rate', '50/s', '--duration', '1s', '--retries', '4'];
const scenario = (target: string, more = '') =>
  `name: a\ntarget: ${target}\nload: { model: open, stages: [{ duration: 1s, rate: 50/s }] }\nsteps: [GET /a]\n${more}`;

describe('an API behind TLS', () => {
  let server: SecureServer;
  let here: Workspace;
  let url: string;
  before(async () => {
    server = await startSecureServer({});
    url = `https://localhost:${server.port}`;
    here = await workspace();
    await here.write('budgets.json', looseBudgets);
    await copyFile(join(root, 'test/fixtures/tls/ca.crt'), join(here.folder, 'ca.crt'));
  });
  after(async () => {
    await server.stop();
    await here.dispose();
  });

  it('is not trusted unasked, and the report says why', async () => {
    const { code } = await here.run(['run', '--url', `${url}/a`, ...load]);
    assert.equal(code, 3);
    assert.match(await here.read('reports/report.md'), /UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
    assert.equal(server.requests(), 0);
  });

  it('is loaded with --insecure, which the report says', async () => {
    const { code, stdout } = await here.run(['run', '--url', `${url}/a`, '--insecure', ...load]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /certificates were not verified/);
    assert.match(await here.read('reports/report.md'), /certificates were not verified/);
  });

  it('is loaded by a scenario that names its authority', async () => {
    await here.write('a.yaml', scenario(url, 'tls: { ca: ca.crt }\n'));
    const { code, stdout } = await here.run(['run', 'a.yaml', '--retries', '4']);
    assert.equal(code, 0, stdout);
    assert.doesNotMatch(stdout, /not verified/);
  });

  it('is trusted by the scenario or not at all: --insecure beside one is refused', async () => {
    await here.write('a.yaml', scenario(url));
    const { code, stderr } = await here.run(['run', 'a.yaml', '--insecure']);
    assert.equal(code, 2);
    assert.match(stderr, /--insecure: .*\n {2}found {5}no URL\n/);
  });
});

describe('an API on a Unix socket', () => {
  let server: CountingServer;
  let here: Workspace;
  let socket: string;
  before(async () => {
    here = await workspace();
    socket = `unix:${join(here.folder, 'api.sock')}`;
    await here.write('budgets.json', looseBudgets);
    server = await startCountingServer({ path: join(here.folder, 'api.sock') });
  });
  after(async () => {
    await server.stop();
    await here.dispose();
  });

  it('is loaded without a file, and with --target in place of the scenario’s own', async () => {
    const bare = await here.run(['run', '--url', `${socket}:/b?c=1`, ...load]);
    assert.equal(bare.code, 0, bare.stdout);
    await here.write('a.yaml', scenario('http://127.0.0.1:1'));
    const { code, stdout } = await here.run(['run', 'a.yaml', '--target', `${socket}:/v1`]);
    assert.equal(code, 0, stdout);
    assert.deepEqual(server.requests, { '/b?c=1 localhost': 50, '/v1/a localhost': 50 });
  });

  it('is started by its scenario', async () => {
    const path = join(here.folder, 'own.sock');
    const api = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.SOCKET_PATH);`;
    await here.write('api.cjs', api);
    const serve = `serve: { start: '"${process.execPath}" api.cjs', ready: GET /health }\n`;
    await here.write('a.yaml', scenario(`unix:${path}`, serve));
    const { code, stdout } = await here.run(['run', 'a.yaml', '--retries', '4']);
    assert.equal(code, 0, stdout);
    assert.equal((await here.summary()).runs[0]?.total.ok, 50);
  });

  it('that is not there is no measurement: exit 3, with the reason', async () => {
    const { code } = await here.run(['run', '--url', `unix:${join(here.folder, 'none.sock')}:/`, ...load]);
    assert.equal(code, 3);
    assert.match(await here.read('reports/report.md'), /ENOENT/);
  });
});
