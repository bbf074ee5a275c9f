import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import type { Scope } from '../../../src/model/judgement/budget.ts';
import type { Foreseen, RunNote } from '../../../src/model/judgement/run-note.ts';
import { foreseenText, runNote } from '../../../src/report/words/reasons/run-note.ts';

const total: Scope = { kind: 'total' };
const of = (name: string, scope: Scope = total) => {
  const metric = parseMetric(name);
  if (!metric) throw new Error(`no metric ${name}`);
  return { metric, scope };
};
const unused = { kind: 'unusedBudgets', file: 'budgets.json', scenarios: ['itens', 'signup'] } as const;
const aboutUnused =
  'budgets.json has budgets for scenarios that are neither in this run nor beside it: "itens", "signup".';

const notes: readonly (readonly [RunNote, sentence: string])[] = [
  [unused, aboutUnused],
  [
    { kind: 'interrupted', signal: 'SIGINT', measuredMs: 10_000 },
    'The run was interrupted (SIGINT): this is what 10 s of measurement say.',
  ],
  [
    { kind: 'stopped', stop: { errorRate: 0.5, forMs: 5_000, durationMs: 10_000 } },
    'The run was stopped after 10 s because 50% of requests failed within 5 s (abortOn).',
  ],
  [
    { kind: 'closedModel' },
    'In a closed model each user waits for its answer, so queueing is invisible: a slow target is asked less.',
  ],
  [
    { kind: 'queued', requests: 40, connections: 10 },
    '40 requests waited for one of 10 connections; response time includes it.',
  ],
  [
    {
      kind: 'bursts',
      ...of('p99', { kind: 'endpoint', endpoint: 'GET /a' }),
      evidence: { samples: 1_689, effectiveSamples: 528.6, designEffect: 3.2 },
    },
    'What was slow or failed came in bursts: the 1,689 samples of p99 (GET /a) carry the evidence of about 529 independent ones.',
  ],
  [
    { kind: 'logCut', bytes: 489_000_000 },
    "The API's log keeps only the newest lines; 489 MB before them were dropped.",
  ],
  [{ kind: 'sharedMachine' }, 'Target and generator share a machine and compete for its cores.'],
  [
    { kind: 'someLate', late: 12, requests: 400, byMs: 100, cause: { kind: 'unknown' } },
    'The generator itself sent 12 of 400 requests more than 100 ms late; what that adds to times is not held against the target.',
  ],
  [
    {
      kind: 'someLate',
      late: 12,
      requests: 400,
      byMs: 100,
      cause: { kind: 'others', share: 0.93, withTarget: false },
    },
    'The generator itself sent 12 of 400 requests more than 100 ms late, since other processes used 93% of the machine; what that adds to times is not held against the target.',
  ],
  [
    { kind: 'smallPoolYetBroken', connections: 10, ...of('p95', { kind: 'stage', stage: 2 }) },
    'The pool of 10 connections was too small, yet service time alone breaks p95 of stage 2.',
  ],
  [
    { kind: 'busyWorker', busy: 0.94, model: 'open', engine: 'http' },
    "The generator's busiest worker worked 94% of the time: more would make it late, so give it more workers.",
  ],
  [
    { kind: 'busyWorker', busy: 0.94, model: 'closed', engine: 'autocannon' },
    "The generator's busiest worker worked 94% of the time: the rate may be its own limit, so use engine: http.",
  ],
  [
    { kind: 'redirects', endpoint: 'GET /x', redirects: 600, answers: 600, statuses: [302] },
    'All 600 answers of GET /x were redirects (302). They are not followed, so what they lead to was not measured. ' +
      'If they are what you test, say `expect: { status: 302 }`.',
  ],
  [
    { kind: 'redirects', endpoint: 'GET /x', redirects: 598, answers: 600, statuses: [301, 307] },
    '598 of 600 answers of GET /x were redirects (301, 307). They are not followed, so what they lead to was not measured. ' +
      'If they are what you test, say `expect: { status: [301, 307] }`.',
  ],
  [
    { kind: 'errorBodies', endpoint: 'POST /graphql', seen: 200, withErrors: 36, message: 'no "x"' },
    '36 of 200 answers of POST /graphql that were looked at hold GraphQL errors and count as ok (the first: "no \\"x\\""). ' +
      '`expect: { graphql: ok }` fails them.',
  ],
  [
    { kind: 'autocannon' },
    'autocannon sent the requests: times include its own work, and how late it sent is not known.',
  ],
  [{ kind: 'unverifiedCertificates' }, 'TLS certificates were not verified.'],
  [
    { kind: 'proxied', url: 'http://proxy.example:3128', from: 'HTTPS_PROXY' },
    "Requests went through the proxy http://proxy.example:3128 (HTTPS_PROXY): times and failures are also the proxy's.",
  ],
];

const foreseen: readonly (readonly [Foreseen, sentence: string])[] = [
  [unused, aboutUnused],
  [
    {
      kind: 'shortfall',
      ...of('p99', { kind: 'endpoint', endpoint: 'GET /a' }),
      needed: 367.8,
      requests: 120,
      seconds: 30,
    },
    'p99 of GET /a needs about 368 samples, the plan makes about 120: lengthen the stages to 1 min 32 s',
  ],
  [
    { kind: 'shortfall', ...of('errorRate'), needed: 367.8, requests: 0.2, seconds: 2 },
    'errorRate of total needs about 368 samples, the plan makes about 0.2: lengthen the stages to 1 h 2 min',
  ],
  [
    {
      kind: 'shortfall',
      ...of('p99', { kind: 'stage', stage: 2 }),
      needed: 367.8,
      requests: 160,
      seconds: 10,
    },
    'p99 of stage 2 needs about 368 samples, the plan makes about 160: lengthen stage 2 to 23 s',
  ],
  [
    { kind: 'rareJourney', journey: 'vote', weight: 1, weights: 1_000_001, planned: 2_000 },
    'the journey "vote" is practically never chosen: its weight is 1 of 1,000,001, and the plan makes about 2,000 journeys',
  ],
  [
    { kind: 'rareJourney', journey: 'vote', weight: 1, weights: 1_000_001, planned: null },
    'the journey "vote" is practically never chosen: its weight is 1 of 1,000,001',
  ],
  [
    { kind: 'idleStage', stage: 2 },
    'no journey starts in stage 2, which has a budget: only later steps of earlier journeys can fall into it',
  ],
];

describe('a note on a run', () => {
  for (const [note, sentence] of notes) {
    it(`reads: ${sentence}`, () => {
      assert.equal(runNote(note), sentence);
    });
  }
});

describe('what is foreseen of a run', () => {
  for (const [one, sentence] of foreseen) {
    it(`reads: ${sentence}`, () => {
      assert.equal(foreseenText(one), sentence);
    });
  }
});
