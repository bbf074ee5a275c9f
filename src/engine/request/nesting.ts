/** Deeper than any API's answers, and as deep as every version of Node can look through a value. */
const deepest = 1_000;

/** The JSON of a value that was captured. Throws a `RangeError` where it is nested more than a thousand levels deep. */
export function capturedJson(value: unknown): string {
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === deepest) throw new RangeError('nested too deeply');
    level = level.flatMap(each => Object.values(each).filter(isNested));
  }
  return JSON.stringify(value);
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
