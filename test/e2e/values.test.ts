import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { root, workspace } from './plimsoll.ts';

it('a scenario from standard input reads a compressed 64-bit id and sends it on as it was', async t => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync('{"id":2733382000000000049}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = await workspace();
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await here.dispose();
  });

  const args = [join(root, 'dist/cli/bin.js'), 'run', '-', '--quiet', '--json', 'summary.json'];
  const child = spawn(process.execPath, args, {
    cwd: here.folder,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, PORT: '', FALLBACK: '' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  child.stdin.end(`target: http://127.0.0.1:\${PORT:-\${FALLBACK:-${(server.address() as AddressInfo).port}}}
load: { model: closed, users: 1, iterations: 1, maxDuration: 20s }
steps:
  - { request: GET /first, headers: { accept-encoding: gzip }, capture: { id: $.id } }
  - 'GET /second/{{id}}'
`);
  const [code] = await once(child, 'close');
  assert.equal(stderr, '');
  assert.ok([0, 3].includes(code), `exit code ${code}`);
  assert.deepEqual(asked, ['/first', '/second/2733382000000000049']);
  const { runs } = JSON.parse(await here.read('summary.json'));
  assert.deepEqual([runs[0].scenario, runs[0].total.errors], ['scenario', 0]);
});
