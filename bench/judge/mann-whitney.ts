import { normalTail } from '../../src/stats/intervals/normal.ts';

/** What Mann and Whitney's test says of two samples. */
export interface MannWhitneyTest {
  /** How often a value of the second sample is above one of the first; ties count half. */
  readonly u: number;
  /** One-sided: the chance of so great a U where both come from one distribution. */
  readonly pValue: number;
}

/**
 * Mann and Whitney's U test of whether `head` lies above `base`, both sorted: by the normal approximation, with the
 * variance corrected for ties and half a step for continuity.
 *
 * Source: H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is stochastically larger than
 * the other", Annals of Mathematical Statistics 18 (1947) 50–60; ties, E. L. Lehmann, "Nonparametrics", 1975, 1.4. It
 * takes requests to be independent, which they are not.
 */
export function mannWhitneyTest(base: Float64Array, head: Float64Array): MannWhitneyTest {
  const [m, n] = [base.length, head.length];
  let [i, j, u, ties] = [0, 0, 0, 0];
  while (i < m || j < n) {
    const value = Math.min(i < m ? (base[i] as number) : Infinity, j < n ? (head[j] as number) : Infinity);
    const [below, from] = [i, j];
    while (i < m && base[i] === value) i += 1;
    while (j < n && head[j] === value) j += 1;
    const [alike, here] = [i - below, j - from];
    u += here * (below + alike / 2);
    const tied = alike + here;
    ties += tied ** 3 - tied;
  }
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  const z = (u - (m * n) / 2 - 0.5) / Math.sqrt(variance);
  return { u, pValue: variance > 0 ? normalTail(z) : 1 };
}
