import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { type Workspace, workspace } from './plimsoll.ts';

describe('plimsoll judge --from', () => {
  let place: Workspace;

  before(async () => {
    place = await workspace();
  });

  after(async () => {
    await place.dispose();
  });

  it('holds what wrk printed against budgets, and tells which tool wrote another file', async () => {
    const fixture = (name: string) =>
      readFile(new URL(`../fixtures/results/${name}`, import.meta.url), 'utf8');
    await place.write('bills.txt', await fixture('wrk-latency.txt'));
    await place.write('votes.txt', await fixture('hey.txt'));
    await place.write('budgets.json', '{ "scenarios": { "bills": { "total": { "p99": "150ms" } } } }');
    const judged = await place.answer(['judge', '--from', 'wrk', 'bills.txt']);
    assert.equal(judged.code, 1, judged.stderr);
    assert.match(judged.stdout, /FAIL: bills broke 1 of 2 budgets: total p99 was 192 ms, limit 150 ms/);
    const other = await place.answer(['judge', '--from', 'wrk', 'votes.txt']);
    assert.equal(other.code, 2, other.stdout);
    assert.match(other.stderr, /results\.other-tool[\s\S]*--from hey/);
  });
});
