import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { saturationNote } from '../../../src/judge/duet/saturation.ts';
import type { OfBoth, Restart } from '../../../src/model/duet/duet.ts';
import { exampleDuet } from '../../fixtures/duet.ts';

const { layout, restarts } = exampleDuet({ restarts: 10 });
const quiet = { base: 100, head: 100 };

/** Restarts in which the turns of head, or of both, are as told. */
const withTurns = (
  riseOf: (restart: number) => OfBoth<number | null> | undefined,
  cpuUsPerRequest: OfBoth<number> | null = quiet,
): readonly Restart[] =>
  restarts.map((restart, index) => ({ ...restart, cpuUsPerRequest, turnRise: riseOf(index) }));

describe('a duet near saturation', () => {
  it('is one of which the times of a side rise in its turns, in nearly all restarts', () => {
    const note = saturationNote(
      withTurns(index => ({ base: 1.01, head: index === 3 ? 0.9 : 1.3 })),
      layout,
    );
    assert.ok(note?.kind === 'nearSaturation', JSON.stringify(note));
    const [side, ...more] = note.sides;
    assert.deepEqual([side?.side, side?.cores, more, note.slotMs], ['head', null, [], 250]);
    assert.ok(Math.abs((side?.rise ?? 0) - 0.3) < 1e-9, `${side?.rise}`);
  });

  it('is one whose servers keep a core busy in their turns', () => {
    // 400 requests in 4.5 s of a side: 10 ms each are 0.89 of a core.
    const cores = (400 * 0.01) / 4.5;
    const note = saturationNote(
      withTurns(() => undefined, { base: 10_000, head: 3_000 }),
      layout,
    );
    assert.deepEqual(note, {
      kind: 'nearSaturation',
      sides: [{ side: 'base', rise: null, cores }],
      slotMs: 250,
    });
  });

  it('is none where times rise by little, now and then, or nothing is known', () => {
    for (const rise of [
      () => undefined,
      () => ({ base: null, head: null }),
      () => ({ base: 1.05, head: 1.09 }),
      (index: number) => ({ base: 1, head: index % 3 === 0 ? 0.8 : 1.5 }),
      (index: number) => ({ base: index < 4 ? 2 : null, head: 1 }),
    ]) {
      assert.equal(saturationNote(withTurns(rise, null), layout), null);
    }
    assert.equal(saturationNote([], layout), null);
  });
});
