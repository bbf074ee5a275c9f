import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packCode, SampleLog } from '../../../src/engine/loop/sample-log.ts';
import { Recorder } from '../../../src/engine/recording/recorder.ts';
import { outcomeCode } from '../../../src/engine/request/outcome.ts';
import { micros } from '../../../src/model/units.ts';
import { mergeHistograms } from '../../../src/stats/histogram.ts';

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
    const blocks = mergeHistograms(window?.blocks ?? []);
    assert.deepEqual([window?.counts.due, blocks.count], [3, 3]);
  });
});
