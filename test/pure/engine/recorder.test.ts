import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decoder } from '../../../src/analysis/decoder.ts';
import { packCode, SampleLog } from '../../../src/engine/loop/sample-log.ts';
import { Recorder } from '../../../src/engine/recording/recorder.ts';
import { outcomeCode } from '../../../src/engine/request/outcome.ts';
import { micros } from '../../../src/model/units.ts';

describe('a window that is recorded while it lasts', () => {
  it('keeps the time of a request that was due past its end, since a timer was late', () => {
    const recorder = new Recorder({ endpoints: [{ name: 'GET /', method: 'GET' }], signals: [] }, [
      { kind: 'stage', stage: 1, startUs: micros(0), endUs: micros(2_300_000) },
    ]);
    const log = new SampleLog(batch => recorder.add(batch));
    const answered = (due: number) =>
      log.append(due, -1, due, due + 900, due + 1_000, 20, packCode(0, outcomeCode.ok, 200));
    answered(500_000);
    answered(2_200_000);
    log.flush();
    recorder.settle(micros(2_302_000));
    answered(2_302_400);
    log.flush();
    const [window] = recorder.finish(micros(2_300_000)).endpoints[0]?.windows ?? [];
    assert.deepEqual(window?.blockDue, [1, 2]);
    const blocks = decoder().merged(window?.blocks ?? []);
    assert.deepEqual([window?.counts.due, blocks.count], [3, 3]);
  });
});

describe('an endpoint that nobody asks', () => {
  it('takes next to no memory, however many of them and of stages there are', () => {
    const count = 1_000;
    const spans = [1, 2, 3, 4].map(stage => ({
      kind: 'stage' as const,
      stage,
      startUs: micros((stage - 1) * 1e6),
      endUs: micros(stage * 1e6),
    }));
    const endpoints = Array.from({ length: count }, (_, index) => ({
      name: `GET /r${index}`,
      method: 'GET',
    }));
    const taken = () => {
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return (heapUsed + external + arrayBuffers) / 1e6;
    };
    const before = taken();
    const recorder = new Recorder({ endpoints, signals: [] }, spans);
    const log = new SampleLog(batch => recorder.add(batch));
    for (let due = 0; due < 4e6; due += 50_000) {
      const code = packCode((due / 50_000) % 20, outcomeCode.ok, 200);
      log.append(due, -1, due, due + 900, due + 1_000, 20, code);
    }
    log.flush();
    recorder.settle(micros(4e6));
    const { endpoints: measured } = recorder.finish(micros(4e6));
    const used = taken() - before;
    assert.equal(measured.filter(({ windows }) => windows.some(({ counts }) => counts.due > 0)).length, 20);
    // Histograms for each endpoint and stage would take 1,200 MB.
    assert.ok(used < 150, `${used} MB`);
  });
});
