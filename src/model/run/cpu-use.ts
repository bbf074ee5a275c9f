/**
 * Who used the processor of the generator's machine while the load ran: shares of all cores that it may use, which add up to
 * the busy part of their time.
 */
export interface CpuUse {
  readonly cores: number;
  /** Plimsoll with all its threads, the waiting for exact send times included. */
  readonly generator: number;
  /** What Plimsoll started as the target; null where it started nothing, and where the system does not tell. */
  readonly served: number | null;
  /** Everything else; null where what Plimsoll started cannot be told apart from it. */
  readonly others: number | null;
  /** What the host of a virtual machine gave to its other guests; 0 where it does not tell. */
  readonly stolen: number;
}
