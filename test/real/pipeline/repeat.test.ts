import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunCall, run } from '../../../src/index.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const skip = process.platform === 'win32' && 'no SIGSTOP';

/** Stops this whole process for a while, as a machine without a core for it does. */
function pause(seconds: number): void {
  spawn('sh', ['-c', `sleep ${seconds}; kill -CONT ${process.pid}`]);
  process.kill(process.pid, 'SIGSTOP');
}

describe('a run that the generator spoiled', { skip }, () => {
  let target: ScriptedTarget;
  let out: string;
  before(async () => {
    target = await startTarget({ '/': {}, '/failing': { status: 500 } });
    out = await mkdtemp(join(tmpdir(), 'plimsoll-repeat-'));
  });
  after(async () => {
    await target.stop();
    await rm(out, { recursive: true, force: true });
  });

  /** Runs for three seconds; the first attempt stands still for half of them, from whenever a busy machine comes to it. */
  async function paused(path: string, more: RunCall) {
    let pauses = 0;
    const repeated: number[] = [];
    const result = await run(
      { url: target.url + path, rate: '100/s', duration: '3s' },
      {
        ...more,
        onEvent(event) {
          if (event.kind === 'repeating') repeated.push(event.attempt);
          else if (event.kind === 'progress' && pauses === 0) {
            pauses += 1;
            pause(1.5);
          }
        },
      },
    );
    return { ...result, repeated };
  }

  it('is made again, and each attempt is saved', async () => {
    const { earlier = [], judgement, repeated } = await paused('/', { out, retries: 3 });
    const [first] = earlier;
    assert.equal(first?.judgement.verdict, 'invalid');
    const { validity } = first.judgement;
    assert.ok(validity.state === 'invalid' && validity.reasons[0]?.kind === 'sentLate', validity.state);
    assert.deepEqual(repeated, [2, 3, 4].slice(0, earlier.length));
    // On a machine that is always too busy, none of them is a measurement.
    assert.ok(judgement.validity.state === 'valid' || earlier.length === 3, judgement.verdict);
    const records = (await readdir(join(out, 'runs'))).filter(name => name.endsWith('.json'));
    assert.equal(records.length, earlier.length + 1);
  });

  it('is not made again where something failed that no lateness can have caused', async () => {
    const { earlier, judgement } = await paused('/failing', { retries: 3 });
    assert.deepEqual([earlier, judgement.verdict], [undefined, 'fail']);
  });
});
