/**
 * The k-th greatest of a set of numbers, k from 1, without sorting them; they are left in another order. Minus infinity
 * where there are fewer than k. No NaN.
 *
 * Source: Hoare's FIND, C. A. R. Hoare, "Algorithm 65", Communications of the ACM 4 (1961) 321–322.
 */
export function greatest(values: Float64Array, k: number): number {
  if (k < 1 || k > values.length) return k < 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const wanted = values.length - k;
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const pivot = values[(first + last) >>> 1] as number;
    let [low, high] = [first, last];
    while (low <= high) {
      while ((values[low] as number) < pivot) low += 1;
      while ((values[high] as number) > pivot) high -= 1;
      if (low > high) break;
      const value = values[low] as number;
      values[low] = values[high] as number;
      values[high] = value;
      low += 1;
      high -= 1;
    }
    if (wanted <= high) last = high;
    else if (wanted >= low) first = low;
    else break;
  }
  return values[wanted] as number;
}

/** The rank, from 1, of the q-quantile of n values: `ceil(q · n)`, guarded against rounding just above an integer. */
export function rankOf(q: number, n: number): number {
  return Math.max(1, Math.ceil(q * n - 1e-9 * n));
}

/**
 * The mean logarithm of the sorted values above the quantile `from` and up to the quantile `to`, as the value that has it: a
 * geometric mean. Null where no value lies there, or one that is not above 0.
 */
export function geometricMeanBetween(sorted: ArrayLike<number>, from: number, to: number): number | null {
  const [after, last] = [rankOf(from, sorted.length), rankOf(to, sorted.length)];
  if (sorted.length === 0 || last <= after || !((sorted[after] as number) > 0)) return null;
  let sum = 0;
  for (let rank = after; rank < last; rank += 1) sum += Math.log(sorted[rank] as number);
  return Math.exp(sum / (last - after));
}

/** The median of a list of numbers, between the middle two of an even count; 0 of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return (low + high) / 2;
}
