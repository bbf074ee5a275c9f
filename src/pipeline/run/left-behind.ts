import { clearLeftBehind } from '../../launch/workspace/workspace-sweep.ts';
import type { PlimsollError } from '../../model/error.ts';
import { removeWorktrees } from '../../store/git/worktree.ts';

/**
 * Ends and removes what commands of this user that were killed have left behind, so that it keeps no port and no processor from what is
 * about to be measured. What belongs to a command that runs is not touched. Returns a sentence for each that was cleared away or stays.
 */
export function clearedLeftBehind(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return clearLeftBehind((repository, directories) => removeWorktrees(repository, directories, { env }));
}

/** Whether something that was started for a run could not be ended after it. */
export function leavesProcess({ problems }: { readonly problems: readonly PlimsollError[] }): boolean {
  return problems.some(error => error.problems.some(({ code }) => code === 'process.not-ended'));
}
