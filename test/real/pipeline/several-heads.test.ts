import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { layoutOf, steadyPlan } from '../../../src/engine/slots/duet-layout.ts';
import type { DuetJudgement } from '../../../src/model/duet/duet-judgement.ts';
import { type DuetEvent, playAll } from '../../../src/pipeline/duet/duet-play.ts';
import type { DuetSides } from '../../../src/pipeline/duet/duet-sides.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const names = ['base', 'head 1', 'head 2'];
const busy = 'this machine is too busy';
const commit = (ref: string) => ({ kind: 'ref', ref, commit: ref }) as const;

describe('several heads against one base', () => {
  let targets: readonly ScriptedTarget[];
  before(async () => {
    targets = await Promise.all(names.map(() => startTarget({ '/': {} })));
  });
  after(() => Promise.all(targets.map(target => target.stop())));

  /** Plays restarts of two pairs of turns; each head is over after so many, or ends by itself in one of them. */
  async function played(
    restartsOf: readonly number[],
    {
      isEnding = () => false,
      onEvent,
    }: { isEnding?: () => boolean; onEvent?: (event: DuetEvent) => void } = {},
  ) {
    const plan = planFor(targets[0]?.port ?? 0, openLoad(100, 1), [request('/')]);
    const layout = layoutOf(plan, 'restart', { slotMs: 50, pairsPerRestart: 2 });
    const orders: (readonly string[])[] = [];
    const sides: DuetSides = {
      heads: names.slice(1).map(name => ({
        name,
        contestants: { base: commit('main'), head: commit(name) },
        notes: () => [],
      })),
      repeat: 'restart',
      async open(order) {
        // One that was started again since this machine was busy has the same.
        const sorted = order.toSorted();
        if (orders.at(-1)?.join() !== sorted.join()) orders.push(sorted);
        const opened = names.filter(name => order.includes(name));
        const placeOf = (name: string) => {
          const port = targets[names.indexOf(name)]?.port ?? 0;
          return { target: { ...plan.target, port }, addresses: ['127.0.0.1'] };
        };
        return {
          places: Object.fromEntries(opened.map(name => [name, placeOf(name)])),
          names: opened.slice(1).map(name => ({ base: ['base'], head: [name] })),
          cpuUs: () => null,
          ended: () =>
            isEnding() && opened.includes('head 1') ? { name: 'head 1', reason: 'head 1 ended' } : null,
          close: async () => {},
        };
      },
      close: async () => {},
    };
    const judged = (restarts: readonly unknown[], head: number) =>
      ({
        progress:
          restarts.length < (restartsOf[head] ?? 0) ? { state: 'goesOn', nextLook: 9 } : { state: 'over' },
      }) as DuetJudgement;
    const terms = { plan: steadyPlan(plan, layout), layout, seed: 5 };
    const heads = await playAll(sides, terms, judged, { onEvent });
    const isBusy = heads.some(({ end }) => end.state === 'broken' && /sent too late/.test(end.reason));
    return { heads, orders, isBusy };
  }

  it('share its restarts, and one that is over is started no more', async t => {
    const stood: string[] = [];
    const { heads, orders, isBusy } = await played([1, 2], {
      onEvent: event => {
        if (event.kind === 'stands') stood.push(`${event.head} ${event.restarts.length}`);
      },
    });
    if (isBusy) return t.skip(busy);
    assert.deepEqual(
      heads.map(({ restarts, end }) => [restarts.map(({ number }) => number), end]),
      [
        [[1], { state: 'decided' }],
        [[1, 2], { state: 'decided' }],
      ],
    );
    assert.deepEqual(orders, [names, ['base', 'head 2']]);
    assert.deepEqual(stood, ['head 1 1', 'head 2 1', 'head 2 2']);
  });

  it('each have readings of their own beside those of the same base', async t => {
    const { heads, isBusy } = await played([1, 1]);
    if (isBusy) return t.skip(busy);
    const [one, two] = heads.map(({ restarts: [restart] }) => restart);
    const [first, second] = [one, two].map(restart => restart?.endpoints[0]);
    assert.deepEqual(first?.base, second?.base);
    assert.equal(first?.base.requests, 10);
    assert.equal(second?.head.requests, 10);
    assert.equal(one?.loadMs, 2 * 2 * 50);
  });

  it('go on where one of them ends', async t => {
    let hasStood = false;
    const { heads, orders, isBusy } = await played([3, 2], {
      isEnding: () => hasStood,
      onEvent: event => {
        hasStood ||= event.kind === 'stands';
      },
    });
    if (isBusy) return t.skip(busy);
    assert.deepEqual(
      heads.map(({ restarts, end }) => [restarts.length, end]),
      [
        [1, { state: 'broken', reason: 'head 1 ended' }],
        [2, { state: 'decided' }],
      ],
    );
    assert.deepEqual(orders, [names, ['base', 'head 2']]);
  });
});
