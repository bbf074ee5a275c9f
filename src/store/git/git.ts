import { type SimpleGit, type SimpleGitOptions, simpleGit } from 'simple-git';
import { PlimsollError, problem } from '../../model/error.ts';
import { critical } from '../../safety/critical-section.ts';

/** Environment variables by name, as in `process.env`. */
export type GitEnvironment = { readonly [name: string]: string | undefined };

/** What one call of git needs besides its arguments. */
export interface GitCall {
  /** What git reads from its standard input; never empty. */
  readonly input?: string | Buffer;
  /** An index of our own, so that the user's is not touched. */
  readonly indexFile?: string;
  /** True where another machine is asked: the call is given up after two minutes of silence. */
  readonly network?: boolean;
}

/** Git in one folder. Calls reject with a `GitFailure` wherever git exits with anything but 0, outside a repository with `store.no-repository`. */
export interface Git {
  readonly cwd: string;
  /** Standard output without the white space at its end. */
  text(args: readonly string[], call?: GitCall): Promise<string>;
  /** The same, and null instead of a `GitFailure`. */
  textOrNull(args: readonly string[], call?: GitCall): Promise<string | null>;
  /** Standard output of `cat-file`, byte for byte. */
  objects(args: readonly string[], input: string): Promise<Buffer>;
}

/** Git exited with something but 0: the problem `store.git-failed`, unless whoever called knows better what it means. */
export class GitFailure extends PlimsollError {
  /** All that git said. */
  readonly output: string;

  constructor(cwd: string, exitCode: number, said: string) {
    const output = said.trim() || `git ended with exit code ${exitCode} and said nothing`;
    super([{ code: 'store.git-failed', where: cwd, found: lastLines(output) }]);
    this.output = output;
  }
}

/** How long another machine may say nothing. */
const silenceMs = 120_000;

/** How long git may take to end after an interrupt; what it waits for may never come. */
const endingMs = 500;

/**
 * Of git's own variables those that say how to reach a remote; the others, `GIT_DIR` above all, would let another
 * repository answer. Editors and pagers have no part in this.
 */
const reachesRemote = /^(?:GIT_(?:SSH|SSH_COMMAND|ASKPASS|CONFIG_\w+|SSL_\w+|HTTP_\w+)|SSH_ASKPASS)$/;
const guarded = /^(?:GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

type Unsafe = NonNullable<SimpleGitOptions['unsafe']>;

/**
 * The environment is the user's own, and no argument comes from a file or a server unchecked: whatever settings
 * `GIT_CONFIG_COUNT` brings are as good as those in a file.
 */
const trusted: {
  readonly [flag in Exclude<keyof Unsafe, 'allowUnsafeCustomBinary' | 'allowAbbreviatedOptions'>]-?: true;
} = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

/** Git as it answers in a folder; `signal` ends a call under way. */
export function gitIn(cwd: string, env: GitEnvironment, signal?: AbortSignal): Git {
  const passed: { readonly [name: string]: string } = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && (!guarded.test(name) || reachesRemote.test(name)) ? [[name, value]] : [],
    ),
  );
  const allowed = [...Object.keys(passed), ...Object.keys(own), 'GIT_INDEX_FILE'];
  /** Makes one call; simple-git wraps every error in its own, so git's exit code is kept beside it. */
  const called = async <Output>(
    { input, indexFile, network }: GitCall,
    call: (git: SimpleGit) => PromiseLike<Output>,
  ): Promise<Output> => {
    let failure: GitFailure | null = null;
    try {
      const git = simpleGit({
        baseDir: cwd,
        config: ownSettings,
        // The default takes a process for ended 50 ms after its exit, and cuts off what it still has to say.
        completion: { onClose: true, onExit: false },
        errors(error, { exitCode, stdErr, stdOut }) {
          if (exitCode <= 0) return error;
          failure = new GitFailure(cwd, exitCode, Buffer.concat([...stdErr, ...stdOut]).toString());
          return failure;
        },
        allowEnvironment: allowed,
        unsafe: trusted,
        ...(input === undefined ? {} : { input: () => input }),
        ...(network ? { timeout: { block: silenceMs } } : {}),
        ...(signal === undefined ? {} : { abort: signal }),
      });
      const answer = call(
        git.env({
          ...passed,
          ...own,
          ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
        }),
      );
      return await critical(() => untilInterrupt(answer, signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (failure) throw inRepository(failure, cwd);
      const found = lastLines(error instanceof Error ? error.message : String(error));
      throw problem('store.git-failed', { where: cwd, found }, { cause: error });
    }
  };
  const text: Git['text'] = async (args, call = {}) =>
    (await called(call, git => git.raw([...args]))).trimEnd();
  return {
    cwd,
    text,
    async textOrNull(args, call) {
      try {
        return await text(args, call);
      } catch (error) {
        if (error instanceof GitFailure) return null;
        throw error;
      }
    },
    async objects(args, input) {
      const answer: unknown = await called({ input }, git => git.binaryCatFile([...args]));
      return Buffer.isBuffer(answer) ? answer : Buffer.from(String(answer));
    },
  };
}

/** An answer; soon after an interrupt, its reason, though what was asked goes on. */
async function untilInterrupt<Answer>(
  answer: PromiseLike<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (signal === undefined) return await answer;
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), endingMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, givenUp]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function inRepository(failure: GitFailure, cwd: string): Error {
  if (!/not a git repository/i.test(failure.output)) return failure;
  return problem('store.no-repository', { where: cwd }, { cause: failure });
}

/**
 * A ref must not outlive the objects it names, whatever ends the machine; no repacking behind a save; and no program of the user's
 * that follows what is done, a hook above all: it may refuse, write what is read here, or take minutes.
 */
const ownSettings = [
  ...['core.fsync=all', 'gc.auto=0', 'maintenance.auto=false'],
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'log.showSignature=false'],
];

/** Who writes the commits; messages that are read are English, and no question waits for nobody. */
const own = {
  GIT_AUTHOR_NAME: 'Plimsoll',
  GIT_AUTHOR_EMAIL: 'plimsoll@localhost',
  GIT_COMMITTER_NAME: 'Plimsoll',
  GIT_COMMITTER_EMAIL: 'plimsoll@localhost',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
  LANGUAGE: 'C',
};

const progress =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Writing|Receiving|Resolving|Unpacking|Total|Delta)\b/;

/** What git adds where it meets a lock. */
const lockAdvice =
  /^Another git process seems to be running[\s\S]{0,1000}?remove the file manually to continue\.$/gm;

/** The last lines of what git said, for a person; without advice on commands that nobody typed, and without a call stack. */
export function lastLines(output: string): string {
  const lines = output
    .replace(lockAdvice, '')
    .split(/\r?\n|\r/)
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(?:hint:|at )/.test(line) && !progress.test(line));
  return lines.slice(-5).join(' · ') || 'nothing';
}
