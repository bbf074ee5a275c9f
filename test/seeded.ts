import fc from 'fast-check';

export * from 'fast-check';

const { PROPERTY_SEED, PROPERTY_TIMES = '1' } = process.env;
const times = Number(PROPERTY_TIMES);
const usualRuns = 100;

/**
 * Every run draws the same cases, so that a commit passes or fails for good; `PROPERTY_SEED=7 npm test` draws others. A longer run,
 * of `PROPERTY_TIMES` as many cases, draws others each time. A failure prints its seed; what it found stays as an example.
 */
const seed = PROPERTY_SEED ?? (times === 1 ? '1' : String(Date.now() % 2 ** 31));
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed), numRuns: usualRuns * times });

/** So many cases, or more of them in a longer run. */
export const cases = (count: number): { readonly numRuns: number } => ({ numRuns: Math.ceil(count * times) });

export default fc;
