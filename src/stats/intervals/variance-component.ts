import { chiSquareQuantile, fisherQuantile } from './chi-square.ts';

/** How far groups differ by themselves, and what measuring them scatters; standard deviations. */
export interface VarianceComponents {
  readonly between: number;
  /** The one-sided upper bound of `between` at the confidence that was asked for. */
  readonly upper: number;
  /** Null where each group was measured once: then `between` holds both. */
  readonly within: number | null;
}

/**
 * The standard deviation between groups from a table of n groups (rows) by k conditions (columns), in which a value is
 * the sum of its condition's level, its group's own deviation and an error: with the mean squares A of groups and E of
 * errors, `√max(0, (A − E) / k)` and `√E`. The upper bound is `√max(0, (n − 1)(A − F·E) / (k·χ²))`, F and χ² the lower
 * 1 − confidence quantiles of F with n − 1 and (n − 1)(k − 1) degrees of freedom, and of chi-square with n − 1; for it A is
 * taken to be at least E, so that groups that happen to agree better than errors let them do not make a bound of 0. Of one
 * condition it is the standard deviation s of its values and `s √((n − 1) / χ²)`.
 *
 * Source: J. S. Williams, "A confidence interval for variance components", Biometrika 49 (1962) 278–281, one side of it;
 * H. Scheffé, "The Analysis of Variance", 1959, chapter 7. It covers with the stated confidence to within a percentage
 * point, where groups do not differ always, if group deviations and errors are normal and independent; one outlying group raises it, heavy tails make
 * it cover less. Null of fewer than two groups. Rows are equally long, at least one value each.
 */
export function varianceComponents(
  table: readonly (readonly number[])[],
  confidence: number,
): VarianceComponents | null {
  const [n, k] = [table.length, table[0]?.length ?? 0];
  if (n < 2 || k < 1) return null;
  const groups = table.map(meanOf);
  const columns = Array.from({ length: k }, (_, column) => meanOf(table.map(row => row[column] as number)));
  const all = meanOf(groups);
  const ofGroups = (k * groups.reduce((sum, group) => sum + (group - all) ** 2, 0)) / (n - 1);
  const tail = 1 - confidence;
  const chiSquare = chiSquareQuantile(tail, n - 1);
  if (k === 1) {
    const between = Math.sqrt(ofGroups);
    return { between, upper: between * Math.sqrt((n - 1) / chiSquare), within: null };
  }
  const freedom = (n - 1) * (k - 1);
  const squares = table.map((row, group) =>
    row.reduce(
      (sum, value, column) =>
        sum + (value - (groups[group] as number) - (columns[column] as number) + all) ** 2,
      0,
    ),
  );
  const ofErrors = squares.reduce((sum, square) => sum + square, 0) / freedom;
  const least = fisherQuantile(tail, n - 1, freedom) * ofErrors;
  return {
    between: Math.sqrt(Math.max(0, ofGroups - ofErrors) / k),
    upper: Math.sqrt(((Math.max(ofGroups, ofErrors) - least) * (n - 1)) / (k * chiSquare)),
    within: Math.sqrt(ofErrors),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
