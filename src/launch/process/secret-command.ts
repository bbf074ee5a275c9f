import { spawn } from 'node:child_process';
import { problem } from '../../model/error.ts';

/** A command that prints a secret does not take longer. */
const patienceMs = 10_000;

/** A longer text is no secret that a header could hold. */
const longestSecret = 16_384;

/** How a command is run, and where a scenario names it. */
export interface SecretTerms {
  readonly where: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interrupt?: AbortSignal | undefined;
  /** Default: ten seconds. */
  readonly patienceMs?: number;
}

/** What a command prints, without the line's end: run without a shell, and ended with everything it started where it takes too long. */
export async function printedSecret(command: readonly string[], terms: SecretTerms): Promise<string> {
  const [program = '', ...words] = command;
  const patience = terms.patienceMs ?? patienceMs;
  const fail = (found: string) =>
    problem('secret.command-failed', {
      where: terms.where,
      found: `${program}: ${found}`,
      expected: 'the secret alone on standard output, within ten seconds',
      instead: 'the command by hand, which shows what it says',
    });
  const { interrupt } = terms;
  interrupt?.throwIfAborted();
  const { text, ended } = await new Promise<{ readonly text: string; readonly ended: string }>(resolve => {
    const child = spawn(program, words, {
      env: terms.env,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let [text, reason] = ['', ''];
    const end = (why: string) => {
      reason ||= why;
      try {
        if (child.pid !== undefined)
          process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
      } catch {
        // It ended already.
      }
      // A grandchild in a group of its own may hold the pipe.
      child.stdout.destroy();
    };
    const timer = setTimeout(() => end(`no end within ${patience / 1_000} s`), patience);
    const onAbort = () => end('interrupted');
    interrupt?.addEventListener('abort', onAbort, { once: true });
    const settle = (ended: string) => {
      clearTimeout(timer);
      interrupt?.removeEventListener('abort', onAbort);
      resolve({ text, ended: reason || ended });
    };
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.length > longestSecret) end(`more than ${longestSecret} characters`);
    });
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      settle(code === 'ENOENT' ? 'no such program' : (code ?? message)),
    );
    child.once('close', (code, signal) =>
      settle(code === 0 ? '' : signal === null ? `exit code ${code}` : signal),
    );
  });
  interrupt?.throwIfAborted();
  if (ended !== '') throw fail(ended);
  const secret = text.replace(/\r?\n$/, '');
  if (secret.trim() === '') throw fail('nothing printed');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\0-\x1f\x7f]/.test(secret)) throw fail('more than one line, or control characters');
  return secret;
}
