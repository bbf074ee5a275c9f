import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { targetCore } from '../cores.ts';
import { located } from '../peers/program.ts';
import { temporaryFolder } from '../temporary.ts';

const certificates = fileURLToPath(new URL('../../test/fixtures/tls', import.meta.url));

/** An nginx that answers 17 bytes of JSON. */
export interface Nginx {
  readonly url: string;
  /** The same with HTTP/2 by prior knowledge, and with HTTP/1.1 over TLS; its certificate is nobody's. */
  readonly http2Url: string;
  readonly tlsUrl: string;
  /** What it has accepted and served so far, by its own shared counters, which cost it nothing extra. */
  seen(): Promise<{ readonly connections: number; readonly requests: number }>;
  stop(): Promise<void>;
}

const startsWithinMs = 5_000;

/** Starts nginx with one worker on the target's core and a free port of loopback. */
export async function startNginx(): Promise<Nginx> {
  if (nginxVersion() === null) throw new Error('nginx is not on the PATH: apt-get install nginx-light');
  const temporary = temporaryFolder('nginx');
  const folder = temporary.path;
  const [port, http2Port, tlsPort] = [await freePort(), await freePort(), await freePort()];
  for (const name of ['server.crt', 'server.key']) copyFileSync(join(certificates, name), join(folder, name));
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, http2Port, tlsPort));
  const child = spawn(
    'taskset',
    [
      ...['-c', targetCore, 'nginx', '-p', folder],
      ...['-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const seen = async () => {
    const text = await answerOf(`http://127.0.0.1:${port}/seen`);
    const [accepted, , requests] = (/^ (\d+) (\d+) (\d+) $/m.exec(text)?.slice(1) ?? []).map(Number);
    if (accepted === undefined || requests === undefined) throw new Error(`no counters in: ${text}`);
    return { connections: accepted, requests };
  };
  const answers = () => seen().then(Boolean, () => false);
  for (const end = performance.now() + startsWithinMs; !(await answers()); await after(50)) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    if (performance.now() > end) throw new Error('nginx does not answer');
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    http2Url: `http://127.0.0.1:${http2Port}/`,
    tlsUrl: `https://127.0.0.1:${tlsPort}/`,
    seen,
    async stop() {
      process.off('exit', kill);
      kill();
      await exited;
      temporary.remove();
    },
  };
}

/** The version of nginx on the PATH; null where there is none. */
export function nginxVersion(): string | null {
  return located('nginx', ['-v'], /nginx\/(\S+)/);
}

function configuration(folder: string, port: number, http2Port: number, tlsPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/pid;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  ${temporary.map(name => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 '{"hello":"world"}'; }
    location = /seen { stub_status; }
  }
  server {
    listen 127.0.0.1:${http2Port} http2 backlog=4096;
    location / { return 200 '{"hello":"world"}'; }
  }
  server {
    listen 127.0.0.1:${tlsPort} ssl backlog=4096;
    ssl_certificate ${folder}/server.crt;
    ssl_certificate_key ${folder}/server.key;
    location / { return 200 '{"hello":"world"}'; }
  }
}
`;
}

/** Over a connection of its own, so that every reading adds exactly one. */
function answerOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, async response => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).once('error', reject);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
