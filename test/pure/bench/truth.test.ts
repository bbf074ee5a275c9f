import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Peer, Report } from '../../../bench/peers/peer.ts';
import { type Statement, truthTable } from '../../../bench/sections/truth.ts';
import { situations } from '../../../bench/situations.ts';

const peer = (name: string, hasRate = true): Peer => ({
  name,
  version: '',
  hasRate,
  command: () => null,
  read: () => report({}),
});
const report = (more: Partial<Report>): Report => ({
  ...{ requests: 200, errors: 0, latencyMs: { p50: 100, p99: 100 }, atLeast: [] },
  ...more,
});
// 200 requests, each answered after 100 ms.
const [constant] = situations;
const statement = (more: Partial<Statement>): Statement => ({
  ...{ peer: 'a', situation: constant?.name ?? '', model: 'open', report: report({}) },
  ...{ problem: null, targetLateMs: {}, ...more },
});
const said = (more: Partial<Statement>, hasRate = true) =>
  truthTable([statement(more)], { all: [peer('a', hasRate)] })
    .rows.slice(0, 4)
    .map(row => row[3]);

describe('the truth table', () => {
  it('marks what is right', () => {
    assert.deepEqual(said({}), ['200 ✓', '0% ✓', '100 ms ✓', '100 ms ✓']);
  });
  it('wants counts to be exact and times within a hundredth', () => {
    const wrong = report({ requests: 199, errors: 1, latencyMs: { p50: 98.9, p99: 101.2 } });
    assert.deepEqual(said({ report: wrong }), ['199 ✗', '0.503% ✗', '98.9 ms ✗', '101 ms ✗']);
  });
  it('allows for a target that was late itself, upward alone', () => {
    const late = report({ latencyMs: { p50: 98.5, p99: 104 } });
    const targetLateMs = { p50: 2, p99: 3.5 };
    assert.deepEqual(said({ report: late, targetLateMs }).slice(2), ['98.5 ms ✗', '104 ms ✓']);
  });
  it('does not judge how many requests a closed loop made, nor what is not reported', () => {
    const closed = report({ requests: 790, latencyMs: { p50: 100 } });
    assert.deepEqual(said({ model: 'closed', report: closed }, false), ['–', '0% ✓', '100 ms ✓', '–']);
  });
  it('does not ask for a share of no requests', () => {
    assert.equal(said({ report: report({ requests: 0 }) })[1], '–');
  });
  it('counts a missing report as wrong, with its reason once', () => {
    const failed = { report: null, problem: 'crashed' };
    assert.deepEqual(said(failed), ['† ✗', '† ✗', '† ✗', '† ✗']);
    const { notes } = truthTable([statement(failed), statement(failed)], { all: [peer('a')] });
    assert.equal(notes.at(-1), '† Ended without a report. a: crashed');
  });
  it('sums up', () => {
    const { rows } = truthTable([statement({})], { all: [peer('a')] });
    assert.equal(rows.at(-1)?.[3], '4 / 0');
  });
});
