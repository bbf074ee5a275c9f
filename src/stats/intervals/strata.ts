/** The fewest slices from which a stage's own level can be told from its spread. */
const fewest = 3;

/**
 * The slices of each stage, those of a stage of fewer than three joined to the stage before or after it: what differs
 * between stages is no clustering, but a stage's own level takes a degree of freedom to estimate.
 */
export function strataOf<Slice>(
  stages: readonly (readonly Slice[])[],
  holdsAny: (slice: Slice) => boolean,
): readonly (readonly Slice[])[] {
  const strata: Slice[][] = [];
  for (const stage of stages) {
    const filled = stage.filter(holdsAny);
    const before = strata.at(-1);
    if (before && (before.length < fewest || filled.length < fewest)) before.push(...filled);
    else strata.push(filled);
  }
  return strata;
}
