import { lstat, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlimsollError } from '../../model/error.ts';
import { stateOf } from '../process/owner.ts';
import { endLeftovers, endOrphans } from './leftover.ts';
import { type RemoveWorktrees, removeWorkspace, workspacePrefix } from './workspace.ts';
import { readNote } from './workspace-note.ts';

/** A workspace has its note within a moment; one without for so long never gets it. */
const nascentMs = 60_000;

/**
 * Clears away what commands that were killed have left behind: the workspaces of runs and duets, and every process whose owner has ended.
 * Returns a sentence for each that was cleared away, and for each that stays.
 */
export async function clearLeftBehind(
  removeWorktrees: RemoveWorktrees,
  under: string = tmpdir(),
): Promise<readonly string[]> {
  // First those of workspaces: their git and their servers end before the folders go.
  const workspaces = await sweepWorkspaces(removeWorktrees, under);
  const { ended, left } = await endOrphans();
  const sentences: string[] = [];
  if (ended > 0) sentences.push(endedSentence(ended));
  if (left.length > 0) {
    sentences.push(
      `the process group ${left.join(', ')}, which a command that was killed left behind, cannot be ended; end it by hand`,
    );
  }
  return [...workspaces, ...sentences];
}

/**
 * Clears away the workspaces of this user whose command was killed: ends their processes, removes their worktrees and the folders. A
 * workspace whose owner lives is not touched; one whose owner or processes cannot be told from others stays whole, and so does
 * what cannot be removed. Returns a sentence for each that was cleared away, and for each that stays.
 */
async function sweepWorkspaces(removeWorktrees: RemoveWorktrees, under: string): Promise<readonly string[]> {
  const folder = await realpath(under).catch(() => under);
  const names = await readdir(folder).catch(() => []);
  const sentences: string[] = [];
  for (const name of names.filter(name => name.startsWith(workspacePrefix)).sort()) {
    const directory = join(folder, name);
    try {
      const sentence = (await isOurs(directory)) ? await sweepWorkspace(directory, removeWorktrees) : null;
      if (sentence !== null) sentences.push(sentence);
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      sentences.push(`${directory}, which a command left behind, stays: ${error.problems[0]?.found ?? ''}`);
    }
  }
  return sentences;
}

/** Where everybody may write, a note of another user's must not be believed. */
async function isOurs(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => null);
  return (found?.isDirectory() && found.uid === process.getuid?.()) ?? false;
}

async function sweepWorkspace(directory: string, removeWorktrees: RemoveWorktrees): Promise<string | null> {
  const note = readNote(directory);
  if (note === null) return await sweepWithoutNote(directory);
  const { owner, repository, worktrees, groups } = note;
  const state = stateOf(owner);
  if (state === 'lives') return null;
  if (state === 'unknown') {
    return `${directory} stays: whether the command with process ${owner.pid} on ${owner.host} still runs cannot be told from here; remove it by hand if not`;
  }
  const { ended, left } =
    state === 'restarted' ? { ended: 0, left: [] } : await endLeftovers({ directory, owner, groups });
  if (left.length > 0) {
    return `${directory} stays: whether the process group ${left.join(', ')} is still that of a command that was killed cannot be told; end it by hand if it is`;
  }
  await removeWorktrees(
    repository,
    worktrees.map(worktree => join(directory, worktree)),
  );
  await removeWorkspace(directory);
  if (worktrees.length === 0) return ended === 0 ? null : endedSentence(ended);
  const processes = ended === 0 ? [] : [counted(ended, 'process', 'processes')];
  const things = [counted(worktrees.length, 'worktree', 'worktrees'), ...processes].join(', ');
  return `removed what a command that was killed had left behind: ${things}`;
}

/** What is empty was killed before it began; what is not is for a person to look at. */
async function sweepWithoutNote(directory: string): Promise<string | null> {
  const found = await lstat(directory).catch(() => null);
  // Its owner may have removed it just now.
  if (found === null || Date.now() - found.mtimeMs < nascentMs) return null;
  const names = await readdir(directory).catch(() => []);
  if (names.some(name => name !== 'note.json.tmp')) {
    return `${directory} stays: the note of what it holds is damaged, or of another version of Plimsoll`;
  }
  await removeWorkspace(directory);
  return null;
}

function endedSentence(processes: number): string {
  return `ended what a command that was killed had left behind: ${counted(processes, 'process', 'processes')}`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
