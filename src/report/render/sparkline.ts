const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A line of bars that rise from zero to the greatest value, at most `columns` long: where there are more values, each bar
 * is the greatest of its share of them, so that no spike is lost. A gap has no value; only zero has the lowest bar.
 */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const length = Math.min(columns, values.length);
  const shares = Array.from({ length }, (_, index) => {
    const from = Math.floor((index * values.length) / length);
    const to = Math.floor(((index + 1) * values.length) / length);
    return greatestOf(values.slice(from, to));
  });
  const top = greatestOf(shares) ?? 0;
  return shares
    .map(value => {
      if (value === null) return ' ';
      return bars[value === 0 || top === 0 ? 0 : Math.max(1, Math.ceil((value / top) * 8) - 1)] ?? bars[7];
    })
    .join('');
}

/** The greatest of the values; null where there are none. */
export function greatestOf(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (most, value) => (most === null || (value ?? 0) > most ? (value ?? most) : most),
    null,
  );
}
