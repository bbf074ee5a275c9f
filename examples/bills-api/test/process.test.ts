import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './server.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const seedFile = join(temporaryFolder({ after }), 'bills.db');
const groups = new Set<number>();
after(() => groups.forEach(endGroup));

/** Starts a command in a process group of its own, on a free port unless `env` says otherwise. */
function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOST: '', LOG_LEVEL: '', PORT: '0', BILLS_DB: seedFile, ...env },
  });
  if (child.pid) groups.add(child.pid);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    ended,
    out: () => out,
    err: () => err,
    /** The server's address, as soon as it says that it listens. */
    url: async () => {
      for (;;) {
        const address = /Server listening at (http:[^"]+)/.exec(out)?.[1];
        if (address) return address;
        if (child.exitCode !== null) throw new Error(`the server ended: ${err}`);
        await pause(20);
      }
    },
  };
}

function startServer(env?: Readonly<Record<string, string>>) {
  return start(process.execPath, ['--import', 'tsx', 'src/main.ts'], env);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid) process.kill(-child.pid, signal);
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // The group has ended by itself, as it should.
  }
}

test('two servers that start at once without a seed both answer, and leave only the seed', async () => {
  const servers = [startServer(), startServer()];
  for (const server of servers) {
    const response = await fetch(`${await server.url()}/api/bills`);
    assert.equal(((await response.json()) as { total: number }).total, 20_000);
  }
  for (const { child } of servers) child.kill('SIGTERM');
  for (const { ended } of servers) assert.deepEqual(await ended, { code: 0, signal: null });
  assert.deepEqual(readdirSync(dirname(seedFile)), ['bills.db']);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to the process group of npm start ends all of it and removes the working copy`, async () => {
    const npm = start('npm', ['start']);
    const url = await npm.url();
    assert.equal((await fetch(`${url}/health`)).status, 200);
    signalGroup(npm.child, signal);
    // 'close' comes when no process of the group holds its output any more.
    await npm.ended;
    await assert.rejects(fetch(`${url}/health`));
    assert.match(npm.out(), /"msg":"shutting down"/);
    assert.deepEqual(readdirSync(dirname(seedFile)), ['bills.db']);
  });
}

test('a request that has begun when SIGTERM comes is finished', async () => {
  const server = startServer();
  const { hostname, port } = new URL(await server.url());
  const body = JSON.stringify({ userId: 1, billId: 2, choice: 'yes' });
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', text => {
    answer += text;
  });
  const head = `POST /api/votes HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`${head}\r\nexpect: 100-continue\r\n\r\n${body.slice(0, 10)}`);
  await once(socket, 'data');
  assert.match(answer, /^HTTP\/1.1 100 Continue/);
  server.child.kill('SIGTERM');
  while (!server.out().includes('shutting down')) await pause(10);
  socket.write(body.slice(10));
  await once(socket, 'close');
  assert.match(answer, /HTTP\/1.1 20[01] (Created|OK)/);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('a port that is taken ends the start with one line and exit code 1', async () => {
  const first = startServer();
  const { port } = new URL(await first.url());
  const second = startServer({ PORT: port });
  assert.deepEqual(await second.ended, { code: 1, signal: null });
  assert.equal(
    second.err(),
    `bills-api: 127.0.0.1:${port} is already in use; stop what listens there or set PORT\n`,
  );
  first.child.kill('SIGTERM');
  await first.ended;
});

test('a wrong setting ends the start with one line that says what to write', async () => {
  for (const [env, line] of [
    [{ PORT: '40x0' }, 'bills-api: PORT is "40x0"; write a whole number from 0 to 65535\n'],
    [{ HOST: 'a b' }, 'bills-api: HOST is "a b"; write an IP address or a host name, such as 127.0.0.1\n'],
    [{ LOG_LEVEL: 'loud' }, /^bills-api: LOG_LEVEL is "loud"; write one of fatal, error, .*\n$/],
  ] as const) {
    const server = startServer(env);
    assert.deepEqual(await server.ended, { code: 1, signal: null });
    if (typeof line === 'string') assert.equal(server.err(), line);
    else assert.match(server.err(), line);
  }
});
