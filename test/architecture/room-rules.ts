import type { Violation } from './imports.ts';
import { mostFiles, roomOf } from './rooms.ts';
import type { SourceFile } from './source.ts';

const entries = ['src/index.ts', 'src/app.ts'];

/** Files that lie in no listed room, and rooms that hold too many files to be looked through. */
export function roomViolations(files: readonly SourceFile[]): readonly Violation[] {
  const placed = files.filter(({ path }) => !entries.includes(path));
  const homeless = placed.filter(({ path }) => roomOf(path) === null);
  return [
    ...homeless.map(({ path }) => `${path} lies in no room of test/architecture/rooms.ts`),
    ...[...filesByRoom(placed)]
      .filter(([, count]) => count > mostFiles)
      .map(([room, count]) => `${room} holds ${count} files, more than ${mostFiles}`),
  ];
}

/** How many files each room holds, by `layer/room`. */
export function filesByRoom(files: readonly SourceFile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const home = roomOf(path);
    if (home === null) continue;
    const name = home.room === '.' ? home.layer : `${home.layer}/${home.room}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
