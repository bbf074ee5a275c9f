import type { SerialCorrelation } from '../../stats/flips/serial-correlation.ts';

/** From how many standard deviations on a correlation is reckoned with: independent restarts show more in 5 % of cases. */
const clearDeviations = 1.645;
/** How many standard errors a time must be above its null where its restarts resemble the one before. */
const fewestErrors = 2.5;

/** The correlation that shows most: what makes starts resemble each other is no matter of one endpoint or quantile. */
export function clearestOf(serials: readonly (SerialCorrelation | null)[]): SerialCorrelation | null {
  const known = serials.filter(serial => serial !== null);
  return known.toSorted((one, other) => other.deviations - one.deviations)[0] ?? null;
}

/**
 * Whether a change stands though its restarts may depend on each other. The flips suppose that they do not: where any time clearly says so, the
 * mean must be so many standard errors from its null as dependent values have.
 */
export function isClearOf(
  serial: SerialCorrelation | null,
  told: readonly number[],
  spread: number | null,
): boolean {
  if (serial === null || serial.deviations <= clearDeviations || !spread) return true;
  const mean = told.reduce((sum, value) => sum + value, 0) / told.length;
  const error = spread * Math.sqrt(serial.inflation / told.length);
  return mean / error >= fewestErrors;
}
