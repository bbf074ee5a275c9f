import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FileFinder } from '../../analysis/subject.ts';
import type { Git } from '../../store/git/git.ts';

/** Tells whether the scenario file of a stored run is still where it was. */
export async function fileFinder({
  repository,
  cwd,
}: {
  readonly repository: Git | null;
  readonly cwd: string;
}): Promise<FileFinder> {
  const root = repository && (await repository.textOrNull(['rev-parse', '--show-toplevel']));
  return ({ file, subject }) => {
    const path = subject?.path ?? null;
    if (path !== null && root) return existsSync(join(root, path));
    return file !== null && existsSync(resolve(cwd, file));
  };
}
