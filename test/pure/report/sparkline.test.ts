import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sparkline } from '../../../src/report/render/sparkline.ts';

describe('a sparkline', () => {
  test('rises from zero to the greatest value', () => {
    assert.equal(sparkline([0, 1, 2, 4, 8], 10), '▁▂▂▄█');
  });
  test('keeps the lowest bar for zero alone', () => {
    assert.equal(sparkline([0, 1, 1_000], 10), '▁▂█');
    assert.equal(sparkline([0, 0], 10), '▁▁');
  });
  test('leaves a gap where there is no value', () => {
    assert.equal(sparkline([4, null, 4], 10), '█ █');
    assert.equal(sparkline([], 10), '');
  });
  test('loses no spike where values share a bar', () => {
    const values = Array.from({ length: 600 }, (_, index) => (index === 431 ? 80 : 10));
    const line = sparkline(values, 60);
    assert.equal([...line].length, 60);
    assert.equal(line.match(/█/g)?.length, 1);
  });
});
