import { regularizedBeta } from '../../src/stats/intervals/beta.ts';

/** What Welch's test says of two samples. */
export interface WelchTest {
  /** Above 0 where the second mean is the greater. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** One-sided: the chance of so great a t where the means are equal. */
  readonly pValue: number;
}

/**
 * Welch's t-test of whether the mean of `head` is greater than that of `base`: t = (ȳ − x̄) / √(s²/n + s²/m), with the
 * degrees of freedom of Welch and Satterthwaite.
 *
 * Source: B. L. Welch, "The generalization of Student's problem when several different population variances are
 * involved", Biometrika 34 (1947) 28–35. It takes requests to be independent, which they are not.
 */
export function welchTest(base: ArrayLike<number>, head: ArrayLike<number>): WelchTest {
  const [one, other] = [errorOfMean(base), errorOfMean(head)];
  const square = one.square + other.square;
  const t = (other.mean - one.mean) / Math.sqrt(square);
  const degreesOfFreedom =
    square ** 2 / (one.square ** 2 / (base.length - 1) + other.square ** 2 / (head.length - 1));
  const tail = regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  return { t, degreesOfFreedom, pValue: t > 0 ? tail : 1 - tail };
}

/** The mean, and the square of its standard error. */
function errorOfMean(values: ArrayLike<number>): { readonly mean: number; readonly square: number } {
  const count = values.length;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += values[index] as number;
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < count; index += 1) squares += ((values[index] as number) - mean) ** 2;
  return { mean, square: squares / (count - 1) / count };
}
