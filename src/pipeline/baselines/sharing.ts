import { problem } from '../../model/error.ts';
import { dataBranch } from '../../store/git/data-branch.ts';
import { type Pulled, type Pushed, pullBranch, pushBranch } from '../../store/git/data-remote.ts';
import type { Git } from '../../store/git/git.ts';
import type { Baselines } from './baselines.ts';

/** Shares the baselines of the git store: pushes the branch. */
export async function pushBaselines(baselines: Baselines, remote?: string): Promise<Pushed> {
  return await pushBranch(sharing(baselines), remote);
}

/** Brings shared baselines here: pulls the branch. */
export async function pullBaselines(baselines: Baselines, remote?: string): Promise<Pulled> {
  return await pullBranch(sharing(baselines), remote);
}

function sharing({ store, repository }: Baselines): Git {
  if (store.kind === 'git' && repository) return repository;
  throw problem(repository ? 'store.no-remote' : 'store.no-repository', {
    where: store.place,
    found: 'a folder, which has no remote',
    expected: `the branch ${dataBranch} of a git repository`,
    instead: repository ? '--store git' : 'git init, then plimsoll baseline save',
  });
}
