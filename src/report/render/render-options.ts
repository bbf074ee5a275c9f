/** What a renderer may be told of where its text goes; each heeds what it can. */
export interface RenderOptions {
  /** Colours, where the medium has any; none unless given. */
  readonly color?: boolean;
  /** Columns of the screen. */
  readonly width?: number | undefined;
  /** The sentence alone. */
  readonly quiet?: boolean;
  /** The longest text in bytes of UTF-8: what does not fit is left out and counted. */
  readonly maxBytes?: number;
}
