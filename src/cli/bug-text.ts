/** What is said of an exception that nobody expected: whose fault it is, and where it came from. */
export function bugText(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return `This is a bug in Plimsoll (exit code 70), or its installation is broken; please report it with these lines.\n${trace}\n`;
}
