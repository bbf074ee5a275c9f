import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { measure } from '../../../src/engine/measure.ts';
import { CpuMeter } from '../../../src/engine/workers/cpu-meter.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startCountingServer } from './counting-server.ts';

const skip = process.platform !== 'linux' && 'only Linux tells all of it';

/** Burns CPU time by its own clock, so that a busy machine makes it later but not less. */
const burn = (ms: number) =>
  `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }; while (used() < ${ms});`;

describe('who used the processor', { skip }, () => {
  it('is told apart: this process, what was started as the target, and everything else', async () => {
    let servedUs = 0;
    const meter = new CpuMeter(() => servedUs);
    const from = performance.now();
    meter.start();
    const children = [1, 2].map(() => spawn(process.execPath, ['-e', burn(800)]));
    await Promise.all(children.map(child => once(child, 'exit')));
    // One of the two is called the target.
    servedUs = 800_000;
    const before = process.cpuUsage();
    for (let used = before; used.user + used.system < before.user + before.system + 300_000; ) {
      used = process.cpuUsage();
    }
    meter.stop();
    const elapsedMs = performance.now() - from;
    const use = meter.use;
    assert.ok(use, 'this machine tells');
    const ms = (share: number | null) => (share ?? Number.NaN) * elapsedMs * use.cores;
    assert.ok(ms(use.served) > 700 && ms(use.served) < 900, `${ms(use.served)} ms served`);
    assert.ok(ms(use.generator) > 250, `${ms(use.generator)} ms by this process`);
    // Others on this machine may use more, and ticks are coarse.
    assert.ok(ms(use.others) > 600, `${ms(use.others)} ms by others`);
    const all = use.generator + (use.served ?? 0) + (use.others ?? 0) + use.stolen;
    assert.ok(all <= 1.1, `${all} of the machine`);
  });

  it('is not told apart where the target cannot be', async () => {
    const meter = new CpuMeter(() => null);
    meter.start();
    await new Promise(resolve => setTimeout(resolve, 300));
    meter.stop();
    assert.deepEqual([meter.use?.served, meter.use?.others], [null, null]);
  });

  it('is not known of a moment', () => {
    const meter = new CpuMeter(null);
    meter.start();
    meter.stop();
    assert.equal(meter.use, null);
  });

  it('stands in the record of a run', async () => {
    const server = await startCountingServer({ host: '127.0.0.1' });
    try {
      const plan = planFor(server.port, openLoad(100, 1), [request('/')]);
      const { generator } = await measure(plan, { addresses: ['127.0.0.1'] });
      const { cpu } = generator;
      assert.ok(cpu, 'this machine tells');
      assert.ok(cpu.generator > 0 && cpu.generator < 1, `${cpu.generator}`);
      assert.equal(cpu.served, null);
      assert.ok(cpu.others !== null && cpu.others >= 0 && cpu.others <= 1, `${cpu.others}`);
    } finally {
      await server.stop();
    }
  });
});
