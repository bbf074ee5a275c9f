const plain = /^[\w@%+=:,./-]+$/;

/** A command line that a shell reads as these arguments. */
export function commandText(argv: readonly string[]): string {
  return ['plimsoll', ...argv]
    .map(word => (plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
