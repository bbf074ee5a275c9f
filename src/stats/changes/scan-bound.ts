/**
 * What the greatest of the standardized differences of both parts, over all cuts of n steady values with at least `part` on either
 * side, exceeds in size with a probability of about `significance`: the b of `b φ(b) ((1 − 1/b²) ln((1 − ε)² / ε²) + 4/b²)`
 * with ε = part / n.
 *
 * Source: B. James, K. L. James and D. Siegmund, "Tests for a change-point", Biometrika 74 (1987) 71–83. Approximate for
 * n below about twenty, where it errs to the safe side.
 */
export function scanBound(n: number, part: number, significance: number): number {
  const share = part / n;
  const range = 2 * Math.log((1 - share) / share);
  const chance = (b: number) =>
    b * Math.exp((-b * b) / 2) * (1 / Math.sqrt(2 * Math.PI)) * ((1 - b ** -2) * range + 4 * b ** -2);
  let [low, high] = [1.5, 10];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (chance(middle) > significance) low = middle;
    else high = middle;
  }
  return high;
}
