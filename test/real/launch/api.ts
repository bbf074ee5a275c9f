import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Served, type ServeOptions, serve } from '../../../src/launch/process/serve.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import type { Serve } from '../../../src/model/run/scenario.ts';
import { millis } from '../../../src/model/units.ts';
import { freePort } from '../../target/free-port.ts';

/** A folder, a free port and a way to serve scripts from there; all of it is cleared away after the test. */
export interface Place {
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
  /** Writes a script into the folder and gives the shell command that runs it. */
  script(name: string, text: string): string;
  serve(start: string, plan?: Partial<Serve>, options?: Partial<ServeOptions>): Promise<Served>;
  read(name: string): string;
}

export async function place(t: TestContext): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-launch-'));
  const port = await freePort();
  const logFile = join(folder, 'logs', 'api.log');
  const running: Served[] = [];
  t.after(async () => {
    for (const served of running) await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    port,
    logFile,
    script: (name, text) => {
      writeFileSync(join(folder, name), text);
      return `"${process.execPath}" ${name}`;
    },
    serve: async (start, plan, options) => {
      const served = await serve(
        {
          install: null,
          build: null,
          start,
          ready: { method: 'GET', path: '/health' },
          timeout: millis(30_000),
          directory: folder,
          ...plan,
        },
        {
          target: { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}/base`, socketPath: null },
          tls: usualTransport.tls,
          env: process.env,
          logFile,
          ...options,
        },
      );
      running.push(served);
      return served;
    },
    read: name => readFileSync(join(folder, name), 'utf8'),
  };
}

/** A script that answers 200 to everything on HOST and PORT, after `before` has run. */
export const answering = (before = '') => `
  const { writeFileSync } = require('node:fs');
  ${before}
  writeFileSync('pid', String(process.pid));
  require('node:http')
    .createServer((request, response) => response.end(request.method + ' ' + request.url))
    .listen(Number(process.env.PORT), process.env.HOST, () => console.log('listening'));
`;

/** Whether a process runs; one that has ended and was not reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
