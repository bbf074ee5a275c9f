import { mkdtempSync, realpathSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import { type NotedProcess, noted, thisOwner } from '../process/owner.ts';
import { markText, ownerVariable } from '../process/owner-mark.ts';
import type { ProcessGroup } from '../process/process-group.ts';
import { type WorkspaceNote, writeNote } from './workspace-note.ts';

/** Removes worktrees and git's entries of them; what is gone already is no error. */
export type RemoveWorktrees = (repository: string, directories: readonly string[]) => Promise<void>;

/** A folder for one duet, or for the note of what a run starts, that a later command clears away where this one is killed. */
export interface Workspace {
  readonly directory: string;
  /**
   * For the environment of whatever is started here, git too: the mark by which it is known, and nothing of what a git hook, if that is
   * where Plimsoll runs, says of another work tree.
   */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Notes a folder in the workspace that is about to become a worktree, and returns it; its name is used nowhere else. */
  noteWorktree(name: string): string;
  /** The folder in the workspace that worktrees are moved to while they run; its name is used nowhere else. */
  runFolder(name: string): string;
  /** Notes a process group that was just started, to be given as `onStart`. */
  noteGroup(group: ProcessGroup): void;
  /** Stops what still runs and removes the worktrees and the folder. Throws `folder.not-removed`, `store.git-failed`, or that a group cannot be killed. */
  close(): Promise<void>;
}

/** How the folders of workspaces begin. */
export const workspacePrefix = 'plimsoll-workspace-';

/** What git gives to its hooks, and what then holds for every git below them. */
const ofAnotherWorkTree = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** Makes a workspace for worktrees of the repository around a folder. Throws `output.unwritable`. */
export function openWorkspace(
  repository: string,
  removeWorktrees: RemoveWorktrees,
  under: string = tmpdir(),
): Workspace {
  const owner = thisOwner();
  const directory = makeFolder(under);
  const worktrees: string[] = [];
  let kept: { readonly group: ProcessGroup; readonly process: NotedProcess }[] = [];
  const write = () => {
    const groups = kept.map(({ process }) => process);
    const note: WorkspaceNote = { version: 1, owner, repository, worktrees, groups };
    try {
      writeNote(directory, note);
    } catch (cause) {
      throw unwritable(directory, cause as Error);
    }
  };
  write();
  const ownName = (name: string) => `${name}-${basename(directory).slice(workspacePrefix.length)}`;
  return {
    directory,
    env: {
      ...Object.fromEntries(ofAnotherWorkTree.map(name => [name, undefined])),
      [ownerVariable]: markText({ owner, group: 0 }),
    },
    noteWorktree(name) {
      const folder = ownName(name);
      worktrees.push(folder);
      write();
      return join(directory, folder);
    },
    runFolder: name => join(directory, ownName(name)),
    noteGroup(group) {
      kept = [...kept.filter(one => !one.group.isGone()), { group, process: noted(group.pid) }];
      // A full disk ends nothing here: the group has the owner's mark besides.
      unlessUnwritable(write);
    },
    async close() {
      const stopped = await Promise.allSettled(kept.map(({ group }) => group.stop()));
      await removeWorktrees(
        repository,
        worktrees.map(worktree => join(directory, worktree)),
      );
      const failed = stopped.find(one => one.status === 'rejected');
      // Its note stays, by which the next duet knows what still runs.
      if (failed) throw failed.reason;
      await removeWorkspace(directory);
    },
  };
}

/**
 * Does work during which every process group is noted that `note` is told of, where the folder for temporary files takes a note: by it,
 * a later command finds also what has cleared its environment of the owner's mark.
 */
export async function noting<Result>(
  work: (note: (group: ProcessGroup) => void) => Promise<Result>,
  under: string = tmpdir(),
): Promise<Result> {
  const workspace = unlessUnwritable(() => openWorkspace(process.cwd(), async () => {}, under));
  try {
    return await work(group => workspace?.noteGroup(group));
  } finally {
    await workspace?.close().catch(() => {});
  }
}

function unlessUnwritable<Result>(write: () => Result): Result | null {
  try {
    return write();
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}

/** Removes a workspace without worktrees, its note last, so that what is interrupted can be taken up again. */
export async function removeWorkspace(directory: string): Promise<void> {
  try {
    const names = await readdir(directory).catch(() => []);
    const notes = names.filter(name => name.startsWith('note.json'));
    for (const name of [...names.filter(name => !notes.includes(name)), ...notes]) {
      await rm(join(directory, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    }
    await rm(directory, { recursive: true, force: true });
  } catch (cause) {
    const found = (cause as Error).message;
    throw problem('folder.not-removed', { where: directory, found }, { cause });
  }
}

function makeFolder(under: string): string {
  try {
    // Processes and git see the path without links.
    return mkdtempSync(join(realpathSync(under), workspacePrefix));
  } catch (cause) {
    throw unwritable(under, cause as Error);
  }
}

function unwritable(where: string, cause: Error) {
  return problem(
    'output.unwritable',
    {
      where,
      found: cause.message,
      expected: 'a folder for the worktrees of the duet',
      instead: 'name another one in TMPDIR',
    },
    { cause },
  );
}
