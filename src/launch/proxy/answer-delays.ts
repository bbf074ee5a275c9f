import type { DelayRule } from '../../model/duet/delay-rule.ts';
import { type RunningQuantile, runningQuantile } from '../../stats/running-quantile.ts';

/** The share of answers that a tail rule leaves alone, and what that is learned from. */
const tailFrom = 0.9;
const memory = { memory: 1_000, fewest: 50 };

/** How long each answer is to be delayed. */
export interface AnswerDelays {
  /** Holds for the next answer on. */
  setRule(rule: DelayRule): void;
  /**
   * The delay in ms of the answer to a request, given the request's first line (`GET /api/bills HTTP/1.1`) and the time
   * in ms that the answer took to its first byte.
   */
  delayOf(requestLine: string, tookMs: number): number;
}

/**
 * Delays by rule. Which answers are the slowest tenth is asked of each endpoint by itself, since one slow endpoint
 * would otherwise be the whole tail: `endpoints` are patterns of request targets, such as `endpointPatterns` makes
 * them, and requests that match none are taken together. An answer is slow that took longer than the 90 % quantile of
 * the 1,000 before it, whatever the rule was then; of an endpoint with fewer than 50 answers none is.
 */
export function answerDelays(endpoints: readonly string[]): AnswerDelays {
  const patterns = endpoints.map(pattern => new RegExp(pattern));
  const usual = [...patterns, null].map(() => runningQuantile(tailFrom, memory));
  const endpointOf = new Map<string, RunningQuantile>();
  let rule: DelayRule = { kind: 'none' };
  const usualOf = (requestLine: string): RunningQuantile => {
    const known = endpointOf.get(requestLine);
    if (known) return known;
    const place = patterns.findIndex(pattern => pattern.test(requestLine));
    const found = usual.at(place) as RunningQuantile;
    if (endpointOf.size < mostLines) endpointOf.set(requestLine, found);
    return found;
  };
  return {
    setRule: next => {
      rule = next;
    },
    delayOf(requestLine, tookMs) {
      const tail = usualOf(requestLine);
      const isSlow = tookMs > (tail.value() ?? Number.POSITIVE_INFINITY);
      tail.add(tookMs);
      if (rule.kind === 'none' || (rule.kind === 'tail' && !isSlow)) return 0;
      return rule.factor * tookMs;
    },
  };
}

/** How many request lines are remembered with their endpoint. */
const mostLines = 10_000;
