import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Session } from '../../../src/cli/streams/session.ts';
import { command, type Said } from '../../command.ts';

/** An empty folder to run commands in, inside this process. */
export interface Place {
  readonly folder: string;
  run(argv: readonly string[], more?: Partial<Session>): Promise<Said>;
  write(file: string, content: string | object): Promise<string>;
  read(file: string): Promise<string>;
}

/** Makes a folder that is removed after the test. Outputs are relative to this process: name them with `join`. */
export async function place(t: TestContext): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-cli-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    run: (argv, more) => command(argv, { cwd: folder, ...more }),
    async write(file, content) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
    read: file => readFile(join(folder, file), 'utf8'),
  };
}

/** A scenario that sends a few requests to a port of this machine. */
export const scenarioOf = (name: string, port: number, more = '') =>
  `name: ${name}\ntarget: http://127.0.0.1:${port}\nload: { model: open, stages: [{ duration: 1s, rate: 20/s }] }\nsteps: [GET /ok]\n${more}`;
