import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LoadLoop } from '../../../src/engine/loop/load-loop.ts';
import { SampleLog } from '../../../src/engine/loop/sample-log.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { micros } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { refusingPort } from '../../target/refusing-port.ts';

/** Requests that ended in a run whose loop stands still between its first failure and 5 ms after its last moment. */
async function endedWhereTheLoopStoodStill(load: Load): Promise<{ ended: number; journeys: number }> {
  let nowUs = 0;
  let ended = 0;
  const log = new SampleLog(batch => {
    ended += batch.length;
  });
  const { port, release } = await refusingPort();
  const plan = planFor(port, load, [request('/')]);
  const journeys = await new Promise<number>(done => {
    const order = {
      plan,
      addresses: ['127.0.0.1'],
      pacing: 'precise',
      worker: 0,
      workers: 1,
      turns: null,
    } as const;
    const loop = new LoadLoop(order, () => micros(nowUs), {
      log,
      failure: () => {
        nowUs = 35_000;
      },
      done: tally => done(tally.journeys),
    });
    loop.start();
  });
  log.flush();
  await release();
  return { ended, journeys };
}

describe('a loop that comes late to many arrivals at once', () => {
  /** Attempts and failures of a load on a port that refuses, whose loop sees half a second at a time. */
  async function inLeaps(load: Load): Promise<{ attempts: number; ended: number }> {
    let nowUs = 0;
    let ended = 0;
    const log = new SampleLog(batch => {
      ended += batch.length;
    });
    const { port, release } = await refusingPort();
    const order = { plan: planFor(port, load, [request('/')]), addresses: ['127.0.0.1'] };
    const attempts = await new Promise<number>(done => {
      const leap = setInterval(() => {
        nowUs += 500_000;
      }, 20);
      const rest = { pacing: 'precise', worker: 0, workers: 1, turns: null } as const;
      const loop = new LoadLoop({ ...order, ...rest }, () => micros(nowUs), {
        log,
        failure: () => {},
        done: tally => {
          clearInterval(leap);
          done(tally.counts.attempts);
        },
      });
      loop.start();
    });
    log.flush();
    await release();
    return { attempts, ended };
  }

  it('makes one attempt after each pause of a port that refuses, and fails all arrivals', async () => {
    // The first leap finds a hundred arrivals and no failure yet; each later one makes one attempt at most.
    const { attempts, ended } = await inLeaps(openLoad(200, 5));
    assert.equal(ended, 1_000);
    assert.ok(attempts <= 101 + 10, `${attempts} attempts`);
  });
});

describe('a loop that comes late past the end of its load', () => {
  it('still accounts for every arrival that was due before it', async () => {
    // Thirty arrivals in 30 ms: each is refused, by an attempt of its own or for the backoff.
    assert.deepEqual(await endedWhereTheLoopStoodStill(openLoad(1_000, 0.03)), { ended: 30, journeys: 30 });
  });

  it('ends a closed load, too', async () => {
    // Three users, and the first one's next journey, which was due when it had been refused.
    const { ended, journeys } = await endedWhereTheLoopStoodStill(closedLoad(3, 0.03));
    assert.deepEqual([ended, journeys], [4, 4]);
  });
});
