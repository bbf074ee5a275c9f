import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { DuetRecord } from '../../../src/model/duet/duet.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { version } from '../../../src/model/version.ts';
import { continuable, earlierNames, readEarlier } from '../../../src/pipeline/duet/continued-duet.ts';
import { runDuet } from '../../../src/pipeline/duet/duet.ts';
import { type PreparedDuet, prepareDuet, sideNames } from '../../../src/pipeline/duet/duet-preparation.ts';
import { fingerprintOf } from '../../../src/store/git/fingerprint.ts';
import { readDuet, writeDuet } from '../../../src/store/records/duet-file.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const env = {};

describe('a duet that is continued', () => {
  let folder: string;
  let targets: readonly ScriptedTarget[] = [];
  let prepared: PreparedDuet;
  let open: DuetRecord;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-continued-'));
    targets = await Promise.all([startTarget({ '/bills': {} }), startTarget({ '/bills': {} })]);
    prepared = await preparedFor(100);
    const [base = '', head = ''] = targets.map(({ url }) => url);
    const wide = exampleDuet({
      repeat: 'round',
      spread: 0.35,
      seed: 3,
      endpoints: [{ name: 'GET /bills', requests: 400 }],
    });
    open = {
      ...wide,
      header: {
        ...wide.header,
        digest: prepared.plan.digest,
        fingerprint: await fingerprintOf({ targetHost: '127.0.0.1', plimsoll: version, cwd: folder, env }),
      },
      contestants: { base: { kind: 'url', url: base }, head: { kind: 'url', url: head } },
      layout: {
        ...wide.layout,
        ...{ slotMs: 50, pairsPerRestart: 2, load: { model: 'open', rate: 100 } },
      },
    };
  });
  after(async () => {
    await Promise.all(targets.map(target => target.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function preparedFor(rate: number): Promise<PreparedDuet> {
    const [base = '', head = ''] = targets.map(({ url }) => url);
    const value = {
      name: 'bills',
      target: base,
      load: { model: 'open', stages: [{ duration: '1s', rate: `${rate}/s` }] },
      steps: ['GET /bills'],
    };
    return await prepareDuet({ kind: 'value', value }, sideNames(base, head), {
      ...{ cwd: folder, env, allowHosts: [], budgets: null },
    });
  }

  async function checked(record: DuetRecord, layout = {}, of: PreparedDuet = prepared) {
    const file = await writeDuet(join(folder, 'duets'), record);
    return await continuable(await readEarlier(file), of, { cwd: folder, env, out: folder, layout });
  }

  async function refused(...given: Parameters<typeof checked>): Promise<string> {
    try {
      await checked(...given);
    } catch (error) {
      assert.ok(error instanceof PlimsollError, String(error));
      assert.deepEqual([error.problems[0]?.code, error.exitCode], ['duet.not-continuable', 2]);
      return `${error.problems[0]?.found}; expected ${error.problems[0]?.expected}`;
    }
    return assert.fail('it was not refused');
  }

  it('has the restarts of its record and those that are added, by its own coins, in one record', async t => {
    const earlier = await checked(open);
    assert.equal(earlier.layout.mostRestarts, 58);
    const interrupt = new AbortController();
    const { record, judgement, file } = await runDuet(prepared, {
      ...{ cwd: folder, env, allowHosts: [], out: folder, command: 'plimsoll duet --continue' },
      ...{ layout: {}, earlier, interrupt: interrupt.signal },
      onEvent(event) {
        if (event.kind === 'stands' && event.restarts.length === 27) interrupt.abort('SIGINT');
      },
    });
    if (record.end.state === 'broken') return t.skip('this machine is too busy');
    assert.deepEqual(record.restarts.slice(0, 26), open.restarts);
    assert.deepEqual([record.restarts.length, record.restarts.at(-1)?.number], [27, 27]);
    const { header, continued } = record;
    assert.deepEqual(
      [header.id, header.seed, header.command],
      [open.header.id, open.header.seed, open.header.command],
    );
    assert.deepEqual(
      continued?.map(part => part.after),
      [26],
    );
    assert.ok(
      judgement.notes.some(({ kind }) => kind === 'continued'),
      'a note on it',
    );
    assert.deepEqual(
      await readdir(join(folder, 'duets')),
      [file?.split('/').at(-1)],
      'in place of the record',
    );
    assert.deepEqual((await readDuet(file ?? '')).restarts.length, 27);
  });

  it('leaves its record as it is where it is interrupted before anything is added', async () => {
    const earlier = await checked(open);
    const going = runDuet(prepared, {
      ...{ cwd: folder, env, allowHosts: [], out: folder, command: '' },
      ...{ layout: {}, earlier, interrupt: AbortSignal.abort('SIGINT') },
    });
    await assert.rejects(going, error => error === 'SIGINT');
    const [name = ''] = await readdir(join(folder, 'duets'));
    assert.equal((await readDuet(join(folder, 'duets', name))).restarts.length, 26);
  });

  it('is none that is decided, that has all of its restarts, or that no more of them will settle', async () => {
    const [fast, rare] = [400, 40].map(requests => ({
      ...open,
      restarts: exampleDuet({ repeat: 'round', spread: 0.01, endpoints: [{ name: 'GET /bills', requests }] })
        .restarts,
    }));
    assert.match(await refused(fast as DuetRecord), /its verdict is pass; expected an inconclusive duet/);
    const { restarts } = exampleDuet({ repeat: 'round', restarts: 58, spread: 0.35, seed: 3 });
    const layout = { ...open.layout, mostRestarts: 58 };
    assert.match(
      await refused({ ...open, restarts, layout }),
      /it has 58 rounds already; expected fewer than 58/,
    );
    assert.match(await refused(rare as DuetRecord), /after 26 rounds, not even 58 are likely to settle it/);
  });

  it('is none that broke off for what a side did, and one that this machine spoiled or a signal ended', async () => {
    const broken = { state: 'broken', reason: 'head ended' } as const;
    assert.match(await refused({ ...open, end: broken }), /it broke off after 26 rounds/);
    assert.match(await refused({ ...open, restarts: [] }), /no restart/);
    for (const end of [
      { ...broken, cause: 'spoiled' },
      { state: 'interrupted', signal: 'SIGTERM' },
    ] as const) {
      assert.equal(
        (await checked({ ...open, end, restarts: open.restarts.slice(0, 7) })).record.restarts.length,
        7,
      );
    }
  });

  it('is of the same workload, sides, turns and kind of machine', async () => {
    assert.match(await refused(open, {}, await preparedFor(50)), /another workload than that of the record/);
    assert.match(await refused(open, { slotMs: 100 }), /--slot 100 ms; expected 50 ms/);
    assert.match(await refused(open, { pairsPerRestart: 3 }), /--pairs 3; expected 2/);
    const elsewhere = { ...open.contestants, head: { kind: 'url', url: 'http://127.0.0.1:1' } } as const;
    assert.match(
      await refused({ ...open, contestants: elsewhere }),
      /head is http.*; expected http:\/\/127.0.0.1:1,/,
    );
    const fingerprint = { ...open.header.fingerprint, cores: 999 };
    assert.match(
      await refused({ ...open, header: { ...open.header, fingerprint } }),
      /cores is \d+; expected a machine of the same kind: cores 999/,
    );
  });

  it('loads the sides that its record names, and asks for what was taken out of a URL', () => {
    const none = { base: undefined, head: undefined };
    const refs = { file: 'a.json', record: exampleDuet() };
    assert.deepEqual(earlierNames(refs, none), {
      base: ['1f0e5d4c3b2a19088c2f'],
      head: ['8c2f0e1d9b7a1f0e5d4c'],
    });
    assert.equal(earlierNames(refs, { ...none, head: ['HEAD'] }).head[0], 'HEAD');
    const secret = {
      ...open.contestants,
      base: { kind: 'url', url: 'http://[redacted]@a.example/' },
    } as const;
    const kept = { file: 'a.json', record: { ...open, contestants: secret } };
    assert.throws(() => earlierNames(kept, none), /the URL with its secrets, in --base/);
  });
});
