/** What is said of an exception that nobody expected: whose fault it is, and where it came from. */
export function bugText(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  // It may quote others. What makes other text harmless may be the part of the installation that is missing.
  const inert = trace
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replaceAll('::', ': :')
    .replaceAll('##[', '# #[');
  return `This is a bug in Plimsoll (exit code 70), or its installation is broken; please report it with these lines.\n${inert}\n`;
}
