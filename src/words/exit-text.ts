/** How a command ended, in words. */
export function exitText({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `it was ended by ${signal}`;
  return code === 127 ? 'exit code 127, command not found' : `exit code ${code}`;
}
