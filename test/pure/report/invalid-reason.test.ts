import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LatenessCause } from '../../../src/model/judgement/evidence.ts';
import type { InvalidReason } from '../../../src/model/judgement/invalid-reason.ts';
import {
  invalidInShort,
  invalidReason,
  invalidReasons,
} from '../../../src/report/words/reasons/invalid-reason.ts';

const target = 'http://127.0.0.1:4010';
const ends = { failed: { refused: 1_990, timeout: 10, dns: 0 }, unfinished: 0 };
const exhausted = (code: string, attempts: number, notSent = 0): InvalidReason => ({
  kind: 'exhausted',
  code,
  attempts,
  notSent,
});

const sentLate = (cause: LatenessCause): InvalidReason => ({
  kind: 'sentLate',
  late: 120,
  requests: 400,
  byMs: 100,
  cause,
});

const sentences: readonly (readonly [InvalidReason, sentence: string | RegExp])[] = [
  [
    { kind: 'notStarted', reason: 'the API did not become ready' },
    'nothing was sent: the API did not become ready',
  ],
  [
    { kind: 'neverAnswered', afterMs: 12_000, ends, target },
    'the target never answered: no byte of an answer came within 12 s (1,990 refused, 10 timed out); check that it runs at http://127.0.0.1:4010',
  ],
  [
    { kind: 'neverAnswered', afterMs: 12_000, ends: { failed: {}, unfinished: 0 }, target },
    'the target never answered: no byte of an answer came within 12 s; check that it runs at http://127.0.0.1:4010',
  ],
  [
    { kind: 'nothingAnswered', isInterrupted: false, due: 2_000, ends, target },
    'the target never answered: of 2,000 requests, 1,990 refused, 10 timed out; check that it runs at http://127.0.0.1:4010',
  ],
  [
    {
      kind: 'nothingAnswered',
      isInterrupted: false,
      due: 9,
      ends: { failed: { notSent: 9 }, unfinished: 0 },
      target,
    },
    'none of 9 requests could be sent: the failures say why',
  ],
  [
    {
      kind: 'nothingAnswered',
      isInterrupted: true,
      due: 1,
      ends: { failed: {}, unfinished: 1 },
      target,
    },
    'no answer came before the interrupt: of 1 request, 1 unfinished; check that it runs at http://127.0.0.1:4010',
  ],
  [
    { kind: 'stoppedBeforeStages', stop: { errorRate: 0.5, forMs: 5_000, durationMs: 5_000 } },
    'nothing was measured: the run was stopped after 5 s because 50% of requests failed within 5 s (abortOn), before its first stage',
  ],
  [
    { kind: 'serverEnded', end: { code: 7, signal: null, atMs: 2_940, lastLines: [] } },
    'the API that Plimsoll started ended 2.94 s into the run (exit code 7): find out why in its log',
  ],
  [
    { kind: 'serverEnded', end: { code: null, signal: 'SIGKILL', atMs: 61_000, lastLines: [] } },
    'the API that Plimsoll started ended 1 min 1 s into the run (it was ended by SIGKILL): find out why in its log',
  ],
  [
    { kind: 'interruptedBeforeStages' },
    'nothing was measured: the run was interrupted before its first stage',
  ],
  [
    { kind: 'nothingDue' },
    'nothing was measured: no request was due in the stages, so give them more time or load',
  ],
  [
    { kind: 'workerDied', reason: 'RangeError: too deep\n    at walk (walk.js:1:2)' },
    'a worker of the generator died, so some of its last requests are missing: RangeError: too deep',
  ],
  [
    exhausted('EMFILE', 12),
    'the generator was the bottleneck: 12 attempts to connect failed (EMFILE), since this machine ran out of open files, which `ulimit -n` limits: raise it, or lower `connections.max` or the users',
  ],
  [exhausted('ENFILE', 2), / of open files of the whole machine: raise `fs\.file-max`, /],
  [
    exhausted('EADDRNOTAVAIL', 1),
    /: 1 attempt to connect failed \(EADDRNOTAVAIL\), since this machine ran out of local ports /,
  ],
  [exhausted('ENOBUFS', 2), / of network buffers: /],
  [exhausted('ENOMEM', 2), / of memory: /],
  [
    exhausted('constructor', 3, 500),
    'the generator was the bottleneck: 3 attempts to connect failed (constructor) and 500 requests could not be sent, since this machine ran out of what it needs to send: lower the rate or `connections.max`',
  ],
  [
    sentLate({ kind: 'unknown' }),
    'the generator was the bottleneck: 120 of 400 requests went out more than 100 ms late, so these are not the arrivals that the scenario asks for; lower the rate, or give the generator a core or a machine of its own',
  ],
  [
    sentLate({ kind: 'ownWork', busy: 0.963 }),
    / that the scenario asks for, since its busiest worker worked 96\.3% of the time; lower the rate, or give it more workers/,
  ],
  [
    sentLate({ kind: 'others', share: 0.93, withTarget: false }),
    / asks for, since other processes used 93% of the machine; stop them, or send the load from another machine$/,
  ],
  [
    sentLate({ kind: 'others', share: 0.5, withTarget: true }),
    / since other processes, the target among them, used 50% of the machine; stop what else runs, or run the target on another machine, since it competes for the same cores$/,
  ],
  [
    sentLate({ kind: 'served', share: 0.6 }),
    / since the API that Plimsoll started used 60% of the machine; run the API on another machine, /,
  ],
  [
    sentLate({ kind: 'host', share: 0.3 }),
    / since the host of this virtual machine gave 30% of its cores to others; send the load from another machine$/,
  ],
  [
    {
      kind: 'smallPool',
      shortage: { stage: 1, perSecond: 200, serviceMs: 45, busy: 9, max: 10, enough: 12 },
      queued: 900,
    },
    'the generator was the bottleneck: 200/s of 45 ms each keep 90% of 10 connections busy in stage 1, and 900 requests had to wait for one; set `connections.max` to 12 or more',
  ],
];

describe('the reason of a run that is no measurement', () => {
  for (const [reason, sentence] of sentences) {
    it(`of ${JSON.stringify(reason)} reads as it did`, () => {
      if (typeof sentence === 'string') assert.equal(invalidReason(reason), sentence);
      else assert.match(invalidReason(reason), sentence);
    });
  }
  it('is one of several', () => {
    assert.equal(
      invalidReasons([{ kind: 'notStarted', reason: 'no name' }, { kind: 'interruptedBeforeStages' }]),
      'nothing was sent: no name; nothing was measured: the run was interrupted before its first stage',
    );
  });
});

describe('the reason in a few words', () => {
  it('fits beside the figures of a run, whatever it is', () => {
    for (const [reason] of sentences) {
      const short = invalidInShort(reason);
      assert.ok(short.length > 0 && short.length <= 50, short);
    }
    assert.equal(invalidInShort(sentLate({ kind: 'unknown' })), '120 of 400 requests over 100 ms late');
  });
});
