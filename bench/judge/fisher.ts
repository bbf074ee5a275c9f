/**
 * The one-sided p-value of Fisher's exact test of whether head failed more often than base, of as many requests each: the
 * chance that of all failures so many or more fall to head.
 *
 * Source: R. A. Fisher, "Statistical Methods for Research Workers", 1934. It takes requests to be independent.
 */
export function hypergeometricTail(base: number, head: number, requests: number): number {
  const failed = base + head;
  const choices = (of: number, some: number) =>
    logFactorial(of) - logFactorial(some) - logFactorial(of - some);
  let tail = 0;
  for (let count = head; count <= Math.min(failed, requests); count += 1) {
    const ways = choices(requests, count) + choices(requests, failed - count) - choices(2 * requests, failed);
    tail += Math.exp(ways);
  }
  return Math.min(1, tail);
}

const known: number[] = [0];

function logFactorial(of: number): number {
  for (let next = known.length; next <= of; next += 1)
    known.push((known[next - 1] as number) + Math.log(next));
  return known[of] as number;
}
