import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latenessCause } from '../../../src/judge/validity/lateness-cause.ts';
import type { CpuUse } from '../../../src/model/run/cpu-use.ts';
import type { GeneratorHealth } from '../../../src/model/run/record.ts';
import { constantRate, recordOf } from './record-builder.ts';

const idle: CpuUse = { cores: 2, generator: 0.05, served: null, others: 0.02, stolen: 0 };

function causeOf(cpu: Partial<CpuUse> | null, more: Partial<GeneratorHealth> = {}) {
  const { generator } = recordOf(constantRate(10, 1, () => 5)).measurement;
  return latenessCause({ ...generator, cpu: cpu && { ...idle, ...cpu }, ...more });
}

describe('what made the generator late', () => {
  it('is what other processes used of the machine', () => {
    assert.deepEqual(causeOf({ others: 0.93 }), { kind: 'others', share: 0.93, withTarget: false });
  });

  it('may be a target of this machine that Plimsoll did not start', () => {
    const shared = causeOf({ others: 0.6 }, { sharesMachine: true });
    assert.deepEqual(shared, { kind: 'others', share: 0.6, withTarget: true });
    const beside = causeOf({ others: 0.6, served: 0.1 }, { sharesMachine: true });
    assert.deepEqual(beside, { kind: 'others', share: 0.6, withTarget: false });
  });

  it('is the API that Plimsoll started, where that used most', () => {
    assert.deepEqual(causeOf({ served: 0.55, others: 0.3 }), { kind: 'served', share: 0.55 });
  });

  it('is the host of a virtual machine that took the cores away', () => {
    assert.deepEqual(causeOf({ stolen: 0.4 }), { kind: 'host', share: 0.4 });
  });

  it('is its own work, where its workers had the cores for all of it', () => {
    assert.deepEqual(causeOf({ generator: 0.5, others: 0.4 }, { busy: 0.97 }), {
      kind: 'ownWork',
      busy: 0.97,
    });
  });

  it('is not its own work, where its workers only waited for a core', () => {
    assert.equal(causeOf({ generator: 0.1, others: 0.9 }, { busy: 0.97 }).kind, 'others');
  });

  it('is not known of a machine that was idle, or does not tell', () => {
    assert.deepEqual(causeOf({}), { kind: 'unknown' });
    assert.deepEqual(causeOf(null), { kind: 'unknown' });
    assert.deepEqual(causeOf({ others: null, served: null }), { kind: 'unknown' });
    assert.deepEqual(causeOf(null, { busy: 0.95 }), { kind: 'ownWork', busy: 0.95 });
  });
});
