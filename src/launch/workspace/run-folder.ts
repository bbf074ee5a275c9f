import { rename, rm } from 'node:fs/promises';
import { problem } from '../../model/error.ts';

/**
 * Moves a build to where it runs, or back. Both folders lie in one workspace, so this is one rename, however much the build holds. What
 * something that has ended since wrote there after the build before was moved away is removed. Throws `output.unwritable`.
 */
export async function moveBuild(from: string, to: string): Promise<void> {
  try {
    await rm(to, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    await rename(from, to);
  } catch (cause) {
    throw problem(
      'output.unwritable',
      {
        where: to,
        found: (cause as Error).message,
        expected: 'a folder that a build can be moved to',
        instead: 'name another one in TMPDIR',
      },
      { cause },
    );
  }
}
