import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpenTimes } from '../../../src/engine/recording/open-times.ts';
import { micros } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';

/** Gathers `count` times, and says what the histogram of all of them is. */
function gathered(count: number): { readonly times: OpenTimes; readonly expected: string } {
  const times = new OpenTimes();
  const expected = new Histogram();
  for (let index = 0; index < count; index += 1) {
    const time = micros(((index * 7_919) % 1_000_003) + 0.25);
    times.add(time);
    expected.record(time);
  }
  return { times, expected: expected.encode() };
}

describe('times that are still being gathered', () => {
  for (const count of [0, 1, 9_999, 10_000, 25_000]) {
    it(`are all there at the end: ${count} of them`, () => {
      const { times, expected } = gathered(count);
      assert.equal(
        times.close(histogram => histogram.encode()),
        expected,
      );
    });
  }

  it('do not come back in those gathered after them', () => {
    const first = gathered(25_000);
    first.times.close(histogram => histogram.count);
    const { times, expected } = gathered(12_000);
    assert.equal(
      times.close(histogram => histogram.encode()),
      expected,
    );
    assert.equal(
      times.close(histogram => histogram.count),
      0,
    );
  });

  it('are kept apart where several are gathered at once', () => {
    const all = [gathered(12_000), gathered(300), gathered(20_000)];
    for (const { times, expected } of all) {
      assert.equal(
        times.close(histogram => histogram.encode()),
        expected,
      );
    }
  });
});
