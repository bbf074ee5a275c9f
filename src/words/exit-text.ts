/** How a command ended, in words. */
export function exitText({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `it was ended by ${signal}`;
  if (code === 127) return 'exit code 127, command not found';
  const name = code === null ? undefined : byShell[code - 128];
  return name === undefined ? `exit code ${code}` : `exit code ${code}, as after ${name}`;
}

/** A shell answers 128 and the number of the signal that ended what it started: those that are alike on all systems. */
const byShell: { readonly [number: number]: string | undefined } = {
  ...{ 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 8: 'SIGFPE' },
  ...{ 9: 'SIGKILL', 11: 'SIGSEGV', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' },
};
