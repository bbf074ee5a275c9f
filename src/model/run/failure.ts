/** How a request can fail; each failed request has exactly one kind. */
export const failureKinds = [
  'dns',
  'refused',
  'reset',
  'closed',
  'timeout',
  'tls',
  'malformed',
  'tooLarge',
  'stream',
  'status',
  'check',
  'capture',
  'notSent',
  'script',
] as const;

/** One way in which a request fails. */
export type FailureKind = (typeof failureKinds)[number];

/** What a request was doing when it failed. */
export const requestPhases = ['queue', 'connect', 'tls', 'firstByte', 'body', 'answered'] as const;

/** One phase in the life of a request. */
export type RequestPhase = (typeof requestPhases)[number];
