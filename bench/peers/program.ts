import { spawnSync } from 'node:child_process';

/** The version of a program on the PATH, empty where it does not say; null where there is no such program. */
export function located(file: string, args: readonly string[], version: RegExp): string | null {
  const { error, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: 10_000 });
  if (error) return null;
  return version.exec(stdout + stderr)?.[1] ?? '';
}
