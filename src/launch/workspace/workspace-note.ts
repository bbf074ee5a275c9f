import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { NotedProcess, Owner } from '../process/owner.ts';

/** What a command writes down of itself and of what it started, so that another one can clear up after it. */
export interface WorkspaceNote {
  readonly version: 1;
  readonly owner: Owner;
  /** The working folder, in the repository whose worktrees these are. */
  readonly repository: string;
  /** Relative to the workspace. */
  readonly worktrees: readonly string[];
  readonly groups: readonly NotedProcess[];
}

const noteFile = 'note.json';

/** Writes the note: who reads it later finds all of it, or the one before. It waits for the disk, so that not even that can tear it. */
export function writeNote(workspace: string, note: WorkspaceNote): void {
  const file = join(workspace, noteFile);
  const temporary = `${file}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(descriptor, `${JSON.stringify(note)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

/** The note of a workspace; null where there is none, or it is of another version or damaged. */
export function readNote(workspace: string): WorkspaceNote | null {
  const note: unknown = attempt(() => JSON.parse(readFileSync(join(workspace, noteFile), 'utf8')));
  return isNote(note) ? note : null;
}

function attempt<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

type Unread<Shape> = { readonly [key in keyof Shape]?: unknown };

function isNote(value: unknown): value is WorkspaceNote {
  if (typeof value !== 'object' || value === null) return false;
  const { version, owner, repository, worktrees, groups }: Unread<WorkspaceNote> = value;
  return (
    version === 1 &&
    isProcess(owner, 1) &&
    isOwner(owner) &&
    typeof repository === 'string' &&
    isAbsolute(repository) &&
    Array.isArray(worktrees) &&
    worktrees.every(isInside) &&
    Array.isArray(groups) &&
    // To signal group 1 is to signal everything.
    groups.every(group => isProcess(group, 2))
  );
}

function isProcess(value: unknown, least: number): value is NotedProcess {
  const { pid, startTicks }: Unread<NotedProcess> = value ?? {};
  return (
    Number.isInteger(pid) && Number(pid) >= least && (startTicks === null || Number.isInteger(startTicks))
  );
}

function isOwner({ host, boot, namespace }: Unread<Owner>): boolean {
  return typeof host === 'string' && [boot, namespace].every(it => it === null || typeof it === 'string');
}

/** Whether a path leads to something below the folder it is relative to. */
function isInside(path: unknown): boolean {
  return typeof path === 'string' && !isAbsolute(path) && /^[^.]/.test(normalize(path));
}
