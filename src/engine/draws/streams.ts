/**
 * Which stream of the seeded hash decides what. Every random choice is a hash of (seed, stream, index), so that the
 * number of workers changes nothing that is sent. Data sets draw from `data` plus their position, and
 * generators from `generators` on, by their place in a request. Functions of a scenario draw from `prepare` and `check` plus how
 * often they asked before.
 */
export const stream = {
  arrivals: 1,
  journeys: 2,
  think: 3,
  backoff: 4,
  slots: 5,
  threads: 6,
  ways: 7,
  data: 1_000,
  generators: 1_000_000,
  prepare: 2_000_000,
  check: 3_000_000,
} as const;
