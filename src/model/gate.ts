/** The commit whose gate judges a run: what it was asked for by, and its id. */
export interface GateBase {
  readonly name: string;
  readonly commit: string;
}

/** A file that is another one than in the base. */
export interface ChangedFile {
  readonly file: string;
  readonly how: 'added' | 'removed' | 'changed';
}

/**
 * What a checkout says otherwise than its base of how it is judged. `base` stands: the checkout's own word does not count;
 * `head` stands: it does, and a reader should know.
 */
export type GateChange = { readonly stands: 'base' | 'head' } & (
  | ({ readonly kind: 'file' } & ChangedFile)
  /** A scenario of the base lies elsewhere now. */
  | { readonly kind: 'moved'; readonly file: string; readonly to: string }
  /** A value in a file: as JSON, null where there is none. Without `values` it may hold a secret. */
  | {
      readonly kind: 'value';
      readonly file: string;
      readonly path: string;
      readonly values: { readonly base: string | null; readonly head: string | null } | null;
    }
);

/** By whose gate a run was judged, and what the checkout says otherwise. */
export interface GateReport {
  readonly base: GateBase;
  readonly changes: readonly GateChange[];
}
