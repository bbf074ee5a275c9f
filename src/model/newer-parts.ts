/** A part of a stored record that this version does not know. */
export interface UnknownPart {
  /** Keys and list positions, from the top of the record. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * What a newer Plimsoll wrote into a record beyond what this version knows. It is written back when the record is, and
 * never shown, save for its names.
 */
export interface NewerParts {
  /** The version of the format that the record was written in, which may be a later one. */
  readonly schemaVersion: number;
  /** Without secrets. */
  readonly parts: readonly UnknownPart[];
  /** Where they are, each place once whatever the position in a list, as harmless text of bounded length. */
  readonly names: readonly string[];
}

/** What every kind of record has once it is read; absent where this version knows all of it. */
export interface MayBeNewer {
  readonly newer?: NewerParts | undefined;
}
