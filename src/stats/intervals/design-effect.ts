import type { Unsettled } from '../../model/judgement/evidence.ts';
import { studentQuantile } from './mean-interval.ts';
import { normalQuantile } from './normal.ts';
import { strataOf } from './strata.ts';

/** How many requests a slice holds, and how many of them did what is being counted. */
export interface SliceShare {
  readonly size: number;
  readonly hits: number;
}

/**
 * How many times more the hits of a run vary than those of as many independent requests would. Within one stage
 * `Σ (kᵢ − mᵢp̂)² / (mᵢ p̂ (1 − p̂)) / (S − 1)` with mᵢ requests and kᵢ hits in slice i of S, and p̂ their overall
 * share; over several stages the mean of theirs, each weighted by its share `n p̂ (1 − p̂)` of the variance of the whole;
 * at least 1. n requests then carry the evidence of n / DEFF independent ones.
 *
 * Within a stage it is the dispersion of Pearson's χ² (P. McCullagh and J. A. Nelder, "Generalized Linear Models", 2nd
 * ed., 1989, section 4.5), a form of L. Kish's design effect ("Survey Sampling", 1965). About 1 of independent data, up
 * to the size of a slice where hits come all at once. It sees no clusters longer than a slice, and with few slices it
 * is itself uncertain, by a factor of about 1 ± √(2/(S − 1)). That stages differ was asked for and is no clustering:
 * they are strata (W. G. Cochran, "Sampling Techniques", 3rd ed., 1977, chapter 5). One sum of χ² over all stages would
 * count a quiet stage as much as one that holds all the hits, and so miss a cluster among these. Empty slices are
 * skipped; it is 1 of fewer than two, and where no request or every request is a hit.
 */
export function designEffect(stages: readonly (readonly SliceShare[])[]): number {
  const strata = strataOf(stages, slice => slice.size > 0);
  const independent = binomialVariance(strata.flat());
  const clustered = strata.reduce((sum, slices) => sum + binomialVariance(slices) * dispersion(slices), 0);
  return independent > 0 ? Math.max(1, clustered / independent) : 1;
}

function dispersion(slices: readonly SliceShare[]): number {
  const share = shareOf(slices);
  if (slices.length < 2 || !(share > 0 && share < 1)) return 1;
  const chiSquared = slices.reduce(
    (sum, slice) => sum + (slice.hits - slice.size * share) ** 2 / (slice.size * share * (1 - share)),
    0,
  );
  return chiSquared / (slices.length - 1);
}

function binomialVariance(slices: readonly SliceShare[]): number {
  const share = shareOf(slices);
  return slices.length === 0 ? 0 : slices.reduce((sum, { size }) => sum + size, 0) * share * (1 - share);
}

function shareOf(slices: readonly SliceShare[]): number {
  const size = slices.reduce((sum, slice) => sum + slice.size, 0);
  return slices.reduce((sum, slice) => sum + slice.hits, 0) / size;
}

/** Slices of a stage on the coarser of the two scales on which clusters are looked for. */
const coarseSlices = 10;

/** Up to here a design effect may be chance: that of independent requests on the coarser scale is 1.2. */
const chance = 1.3;
/** A correlation beyond this is a drift anyway, and widens no further. */
const mostMemory = 0.9;
/** Hits that come in fewer bursts than this are too few events to tell the next run by, where they cluster so much. */
const [fewestBursts, bursty] = [5, 2];

/** What slices say of how much evidence the requests of a run carry. */
export interface Clustering {
  /** The design effect: at least 1. */
  readonly designEffect: number;
  /** The design effect of an interval of a share: at least as much. */
  readonly forShare: number;
  /** That of an interval of a quantile, for slices that resemble their neighbours too: at least as much again. */
  readonly forQuantile: number;
  /** Why no interval of this run tells what the next one brings; null where nothing speaks against it. */
  readonly unsettled: Unsettled | null;
}

/**
 * The greater of two design effects: over the slices as they are, and over the same joined into about ten of
 * each stage. Clusters longer than a slice show on the coarser scale alone: of requests whose times drift within a second, 30
 * one-second slices gave a 95 % interval of p95 that covered 76 % of the time, both scales 84 %. The price is a design
 * effect of about 1.2 for independent requests.
 *
 * For an interval, each is multiplied by (t/z)², t being Student's with as many degrees of freedom as the scale has slices, less
 * one a stage: it is a variance that these slices estimate. Where neighbouring slices resemble each other (a lag-1 correlation r
 * beyond 1.645/√S), the finer scale counts (1 + r)/(1 − r) times for a quantile, as a mean of an AR(1) series varies; not for a share, since
 * errors that came are counted, and an API that fails for good fails in many slices in a row. r beyond 2.326/√S is a drift: the
 * run is one piece of a wave that is longer than itself, and no interval from within it tells how the next piece is.
 *
 * Source: of t, W. G. Cochran (see mean-interval.ts); of the sum over r, J. Beran, "Statistics for Long-Memory Processes", 1994,
 * section 1.1; of the participation ratio (Σk)²/Σk² that counts bursts, R. J. Bell and P. Dean, Discuss. Faraday Soc. 50 (1970).
 * Measured coverage: `npm run bench:judge -- coverage`.
 */
export function clustering(stages: readonly (readonly SliceShare[])[]): Clustering {
  const coarse = stages.map(slices => joinedBy(Math.ceil(slices.length / coarseSlices), slices));
  const [onFine, onCoarse] = [designEffect(stages), designEffect(coarse)];
  const effect = Math.max(onFine, onCoarse);
  if (effect <= chance)
    return { designEffect: effect, forShare: effect, forQuantile: effect, unsettled: null };
  const strata = strataOf(stages, slice => slice.size > 0);
  const { length } = strata.flat();
  const memory = lagOne(strata);
  const kept = Math.min(mostMemory, memory);
  const remembered = memory > normalQuantile(0.95) / Math.sqrt(length) ? (1 + kept) / (1 - kept) : 1;
  const [fine, rough] = [strata, strataOf(coarse, slice => slice.size > 0)].map(widening) as [number, number];
  const isDrift = memory > normalQuantile(0.99) / Math.sqrt(length);
  const isBursty = effect > bursty && burstsIn(strata.flat()) < fewestBursts;
  return {
    designEffect: effect,
    forShare: Math.max(onFine * fine, onCoarse * rough),
    forQuantile: Math.max(onFine * remembered * fine, onCoarse * rough),
    unsettled: isDrift ? 'drift' : isBursty ? 'bursts' : null,
  };
}

/** (t/z)² of the degrees of freedom of a variance that is estimated from these slices. */
function widening(strata: readonly (readonly SliceShare[])[]): number {
  const freedom = strata.reduce((sum, slices) => sum + slices.length - 1, 0);
  return (studentQuantile(0.975, Math.max(1, freedom)) / normalQuantile(0.975)) ** 2;
}

/** The correlation of the shares of neighbouring slices within a stage. */
function lagOne(strata: readonly (readonly SliceShare[])[]): number {
  let [products, squares] = [0, 0];
  for (const slices of strata) {
    const share = shareOf(slices);
    const deviations = slices.map(({ size, hits }) => (hits - size * share) / Math.sqrt(size));
    for (const [index, deviation] of deviations.entries()) {
      squares += deviation ** 2;
      products += deviation * (deviations[index - 1] ?? 0);
    }
  }
  return squares > 0 ? products / squares : 0;
}

/** In how many slices the hits lie: as many as would hold them all in equal parts. */
function burstsIn(slices: readonly SliceShare[]): number {
  const [sum, squares] = slices.reduce(
    ([of, ofSquares], { hits }) => [of + hits, ofSquares + hits ** 2],
    [0, 0],
  );
  return squares > 0 ? sum ** 2 / squares : Number.POSITIVE_INFINITY;
}

function joinedBy(count: number, slices: readonly SliceShare[]): readonly SliceShare[] {
  return Array.from({ length: Math.ceil(slices.length / count) }, (_, index) => {
    const group = slices.slice(index * count, (index + 1) * count);
    return {
      size: group.reduce((sum, slice) => sum + slice.size, 0),
      hits: group.reduce((sum, slice) => sum + slice.hits, 0),
    };
  });
}
