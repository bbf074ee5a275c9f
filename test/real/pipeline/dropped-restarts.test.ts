import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { layoutOf, steadyPlan } from '../../../src/engine/slots/duet-layout.ts';
import type { StrainCounters } from '../../../src/engine/workers/strain-counters.ts';
import type { DuetEnd } from '../../../src/model/duet/duet.ts';
import type { DuetJudgement } from '../../../src/model/duet/duet-judgement.ts';
import { type DuetEvent, playAll } from '../../../src/pipeline/duet/duet-play.ts';
import { urlSides } from '../../../src/pipeline/duet/url-sides.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

/** Counters of a machine whose host steals 30% of the time while it does. */
function host() {
  const counters = { wantedMs: 0, stolenMs: 0, throttledMs: 0, waitedMs: 0 };
  let isStealing = false;
  return {
    read(): StrainCounters {
      counters.wantedMs += 100;
      if (isStealing) counters.stolenMs += 30;
      return { ...counters };
    },
    steals(does: boolean) {
      isStealing = does;
    },
  };
}

describe('a duet on a machine whose host steals', () => {
  let targets: readonly ScriptedTarget[] = [];
  before(async () => {
    targets = await Promise.all([startTarget({ '/': {} }), startTarget({ '/': {} })]);
  });
  after(async () => {
    await Promise.all(targets.map(target => target.stop()));
  });

  /** Plays rounds of two pairs of turns, three of them unless they are dropped. */
  async function played(readStrain: () => StrainCounters, onEvent?: (event: DuetEvent) => void) {
    const [base = '', head = ''] = targets.map(({ url }) => url);
    const plan = planFor(targets[0]?.port ?? 0, openLoad(100, 1), [request('/')]);
    const layout = layoutOf(plan, 'round', { slotMs: 50, pairsPerRestart: 2 });
    const sides = await urlSides({ base: [base], head: [head] }, []);
    const judged = (restarts: readonly unknown[]) =>
      ({
        progress: restarts.length < 3 ? { state: 'goesOn', nextLook: 3 } : { state: 'over' },
      }) as DuetJudgement;
    const terms = { plan: steadyPlan(plan, layout), layout, seed: 5, readStrain };
    const [only] = await playAll(sides, terms, judged, { onEvent });
    return only ?? assert.fail('nothing was played');
  }

  it('plays others in place of the rounds that it disturbed, and keeps count of them', async t => {
    const machine = host();
    const dropped: number[] = [];
    const { restarts, ...rest } = await played(machine.read, event => {
      if (event.kind === 'dropped') dropped.push(event.number);
      if (event.kind === 'stands') machine.steals(event.restarts.length === 1);
      if (dropped.length === 2) machine.steals(false);
    });
    if (isLate(rest.end)) return t.skip('this machine is too busy');
    assert.equal(rest.end.state, 'decided');
    assert.deepEqual(
      restarts.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.deepEqual(dropped, [2, 2]);
    const shares = rest.dropped.map(({ number, machine: { base, head } }) => [
      number,
      base.stolen?.toFixed(3),
      head.stolen?.toFixed(3),
    ]);
    assert.deepEqual(shares, [
      [2, '0.300', '0.300'],
      [2, '0.300', '0.300'],
    ]);
  });

  it('ends it where that goes on and on, as what this machine cannot measure', async t => {
    const machine = host();
    const { end, restarts, dropped } = await played(machine.read, event => {
      if (event.kind === 'stands') machine.steals(true);
    });
    if (isLate(end)) return t.skip('this machine is too busy');
    assert.deepEqual([restarts.length, dropped.length], [1, 8]);
    assert.ok(end.state === 'broken' && end.cause === 'spoiled', end.state);
    assert.match(end.reason, /in 8 rounds more than 5% of the time was stolen by the host or throttled/);
  });
});

/** Whether the generator itself had to wait for so long that the duet ended for that. */
const isLate = (end: DuetEnd) => end.state === 'broken' && /sent too late/.test(end.reason);
