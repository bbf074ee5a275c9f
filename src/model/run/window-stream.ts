/** An HDR histogram in microseconds, V2 compressed and in base64. */
export type EncodedHistogram = string & { readonly encoding: 'hdr-v2-base64' };

/** Waits that were cut, so that they are only known to be at least the recorded ones, and the least of those. */
export interface OpenWaits {
  readonly count: number;
  readonly minUs: number;
}

/** What was seen of the streamed answers of one endpoint in one window. */
export interface WindowStream {
  /** From written to the first event: of each stream that had one, and of those that timed out or were cut before it. */
  readonly firstEvent: EncodedHistogram;
  /** From each event to the next, whatever became of the stream; and the waits that a timeout or the end of the run cut. */
  readonly gap: EncodedHistogram;
  readonly cut: { readonly firstEvent: OpenWaits; readonly gap: OpenWaits };
  /** Both histograms split into the blocks of the window, by when requests were due. */
  readonly blockFirstEvents: readonly EncodedHistogram[];
  readonly blockGaps: readonly EncodedHistogram[];
  /** Events that came in each block, whenever their request was due. */
  readonly blockEvents: readonly number[];
}
