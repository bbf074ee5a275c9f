import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command } from '../../command.ts';
import { freePort } from '../../target/free-port.ts';
import { gitEnv, type Repository, repositoryAt } from '../store/repository.ts';

/** A mistake as a user makes it: files in a folder, and a command. */
export interface Provocation {
  readonly files?: { readonly [name: string]: string | Buffer };
  /** What happens before the command. */
  readonly before?: (scene: Scene) => Promise<unknown> | unknown;
  /** `plimsoll run a.yaml --dry-run` unless given; `{port}` is a free port. */
  readonly argv?: readonly string[];
  /** The folder below, in which the command runs. */
  readonly inside?: string;
  /** What the environment says besides. */
  readonly env?: { readonly [name: string]: string };
}

/** The folder in which a mistake is made. */
export interface Scene {
  readonly folder: string;
  readonly port: number;
  /** Makes the folder a git repository of one commit. */
  repository(): Promise<Repository>;
  /** Runs a command; returns its exit code and standard error. */
  plimsoll(...argv: readonly string[]): Promise<Ended>;
}

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Makes the mistake in a folder of its own and returns how the command ended, with the same text on every machine. */
export async function provoke({
  files = {},
  before,
  argv,
  inside = '.',
  env = {},
}: Provocation): Promise<Ended> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-errors-')));
  const home = process.cwd();
  const port = await freePort();
  const filled = (text: string) => text.replaceAll('{port}', String(port));
  const scene: Scene = {
    folder,
    port,
    repository: async () => {
      execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder], { env: gitEnv });
      const repository = repositoryAt(folder);
      await repository.commit('first');
      return repository;
    },
    plimsoll: (...words) => plimsoll(process.cwd(), words.map(filled), env),
  };
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === 'string' ? filled(content) : content);
    }
    process.chdir(folder);
    await before?.(scene);
    await mkdir(join(folder, inside), { recursive: true });
    process.chdir(join(folder, inside));
    const { code, stderr } = await scene.plimsoll(...(argv ?? ['run', 'a.yaml', '--dry-run']));
    const anywhere = stderr
      .replaceAll(folder, '/project')
      .replaceAll(String(port), '4010')
      .replaceAll('EAI_AGAIN', 'ENOTFOUND')
      .replaceAll('duet-base-build', 'duet-head-build')
      .replaceAll(/(?<=commit |\/plimsoll-|\/plimsoll-[0-9a-f]{10} )[0-9a-f]{10}\b/g, '57b4208032');
    return { code, stderr: anywhere };
  } finally {
    process.chdir(home);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines that tell one error: the first names the code, the others are indented. */
export function toldOf(code: string, stderr: string): string | undefined {
  const lines = stderr.split('\n');
  const first = lines.findIndex(line => line.endsWith(`[${code}]`));
  if (first < 0) return undefined;
  const facts = lines.slice(first + 1).findIndex(line => !line.startsWith('  '));
  return lines.slice(first, facts < 0 ? undefined : first + 1 + facts).join('\n');
}

const plimsoll = (
  cwd: string,
  argv: readonly string[],
  env: NonNullable<Provocation['env']>,
): Promise<Ended> => command(argv, { cwd, env: { ...gitEnv, PATH: process.env.PATH, ...env } });
