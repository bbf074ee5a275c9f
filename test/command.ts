import { Readable } from 'node:stream';
import { main } from '../src/cli/main.ts';
import type { Session } from '../src/cli/streams/session.ts';

/** What a command printed and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command said itself: another test may have killed one at the same time, whose processes it ended. */
export function ownWords(stderr: string): string {
  return stderr.replace(/^note: ended what a command that was killed had left behind: .*\n/gm, '');
}

/** Runs a command inside this process: a tenth of what a process of its own costs, where that is not what is tested. */
export async function command(
  argv: readonly string[],
  session: Partial<Session> & Pick<Session, 'cwd'>,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      said[name] += text;
    },
    isTTY: false,
    columns: undefined,
  });
  const code = await main({
    argv,
    env: {},
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: () => Readable.from([]),
    interrupt: new AbortController().signal,
    ...session,
  });
  return { code, stdout: said.stdout, stderr: ownWords(said.stderr) };
}
