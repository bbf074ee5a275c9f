/** Which bytes may stand in a header's name (RFC 9110 `tchar`): 1 for those. */
export const tokenBytes = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~") tokenBytes[character.charCodeAt(0)] = 1;
for (let byte = 0x30; byte <= 0x39; byte += 1) tokenBytes[byte] = 1;
for (let byte = 0x41; byte <= 0x5a; byte += 1) {
  tokenBytes[byte] = 1;
  tokenBytes[byte + 0x20] = 1;
}

/**
 * Whether the bytes from `start` spell the given name in any case; lengths are known to be equal. The name is of
 * lower-case letters and hyphens, and the bytes are of a name or a value, so that no other byte folds to one of those.
 */
export function spells(bytes: Uint8Array, start: number, lowerName: Uint8Array): boolean {
  for (let index = 0; index < lowerName.length; index += 1) {
    if (((bytes[start + index] as number) | 0x20) !== lowerName[index]) return false;
  }
  return true;
}

/** Whether a byte is an ASCII digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Whether a byte is a space or a tab. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** Visible characters, blanks, tabs and bytes above ASCII: what a field value may hold. */
export function isFieldByte(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09;
}

/** The value of a hexadecimal digit; -1 for any other byte. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
