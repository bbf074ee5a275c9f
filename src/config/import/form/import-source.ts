/** What a scenario can be made from. Files are relative to the working folder, or absolute. */
export type ImportSource =
  /** URLs, each of which is requested. */
  | { readonly kind: 'urls'; readonly urls: readonly string[] }
  /** Command lines of curl. */
  | { readonly kind: 'curl'; readonly commands: readonly string[] }
  /** What a browser or a proxy recorded. */
  | { readonly kind: 'har'; readonly file: string };

/** How an import is read. */
export interface ImportOptions {
  readonly cwd: string;
  /** Whether requests that may change data are taken from descriptions and recordings. */
  readonly includesWrites: boolean;
}
