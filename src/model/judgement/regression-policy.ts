/** How far a metric may change for the worse; relative changes are shares: 0.1 is a tenth slower. */
export interface RegressionPolicy {
  /** The change that is tolerated: an established one that may be greater fails, a smaller one warns. */
  readonly tolerance: number;
  /** The least change that is called one, however sure it is. */
  readonly floor: number;
  /** The bar where few runs are stored; a change must exceed both. */
  readonly stored: { readonly tolerance: number; readonly floorMs: number };
}

/** What holds where the budgets file says nothing of regression. */
export const usualRegression: RegressionPolicy = {
  tolerance: 0.1,
  floor: 0.03,
  stored: { tolerance: 0.25, floorMs: 2 },
};
