/** Drops the digits that binary arithmetic adds, and none that was measured. */
export function rounded(value: number): number {
  return Number(value.toPrecision(9));
}

/** The same of a value that may be missing. */
export function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
