import type { EncodedHistogram } from '../../model/run/record.ts';

/** The response times of one endpoint over a stretch of a run. */
export interface TimeBlock {
  readonly scenario: string;
  readonly endpoint: string;
  /** Since 1970. */
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly maxUs: number;
  readonly histogram: EncodedHistogram;
}
