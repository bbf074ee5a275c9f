import type { ShareInterval } from './binomial.ts';
import { normalQuantile } from './normal.ts';

/** How often something was seen to happen, and how clustered. */
export interface ObservedShare {
  readonly hits: number;
  readonly trials: number;
  /** How many of the trials carry the evidence of one independent trial: see `clustering`; 1 unless given. */
  readonly designEffect?: number;
}

/** A difference of two shares, head less base, −1 to 1, with its interval. */
export interface ShareDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a share, two-sided: the shares p with |p̂ − p| ≤ z √(p (1 − p) / n), which are `(2np̂ +
 * z² ± z √(z² + 4np̂(1 − p̂))) / (2 (n + z²))`, for n = trials / designEffect.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
 * American Statistical Association 22 (1927) 209–212. It covers with the given confidence on the average over shares,
 * for some shares near 0 or 1 with less (at 95 % down to about 83 %): where a bound must hold, `clopperPearson` does.
 * Of no trials it is 0 to 1.
 */
export function wilson({ hits, trials, designEffect = 1 }: ObservedShare, confidence: number): ShareInterval {
  if (trials <= 0) return { low: 0, high: 1 };
  const n = trials / designEffect;
  const share = hits / trials;
  const z = normalQuantile((1 + confidence) / 2);
  const middle = 2 * n * share + z * z;
  const reach = z * Math.sqrt(z * z + 4 * n * share * (1 - share));
  const scale = 2 * (n + z * z);
  return {
    low: share === 0 ? 0 : (middle - reach) / scale,
    high: share === 1 ? 1 : (middle + reach) / scale,
  };
}

/**
 * Newcombe's interval of the difference d of two independent shares, head less base, two-sided: with Wilson's
 * intervals l₁…u₁ of the head's share p₁ and l₂…u₂ of the base's p₂ it reaches from `d − √((p₁ − l₁)² + (u₂ − p₂)²)`
 * to `d + √((u₁ − p₁)² + (p₂ − l₂)²)`.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of
 * eleven methods", Statistics in Medicine 17 (1998) 873–890, method 10 (hybrid score, no continuity correction). It
 * never leaves −1…1, does not collapse where neither side saw a hit, and covers close to the given confidence on the
 * average. Not for paired trials. Of no trials on both sides it is −1 to 1, and the difference is NaN.
 */
export function newcombe(base: ObservedShare, head: ObservedShare, confidence: number): ShareDifference {
  const [baseShare, headShare] = [base.hits / base.trials, head.hits / head.trials];
  const difference = headShare - baseShare;
  const [of, to] = [wilson(base, confidence), wilson(head, confidence)];
  if (Number.isNaN(difference)) return { difference, low: to.low - of.high, high: to.high - of.low };
  return {
    difference,
    low: difference - Math.hypot(headShare - to.low, of.high - baseShare),
    high: difference + Math.hypot(to.high - headShare, baseShare - of.low),
  };
}
