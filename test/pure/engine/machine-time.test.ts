import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineTimeIn } from '../../../src/engine/workers/machine-time.ts';

/** user nice system idle iowait irq softirq steal guest guest_nice, in hundredths of a second. */
const stat = `cpu  330 33 303 3300 33 3 33 33 30 0
cpu0 100 10 100 1000 10 1 10 10 10 0
cpu1 200 20 200 2000 20 2 20 20 20 0
cpu10 30 3 3 300 3 0 3 3 0 0
intr 23331055 0 0
`;
const allowed = (list: string) => `Name:\tnode\nCpus_allowed:\t403\nCpus_allowed_list:\t${list}\n`;

describe('the time of a machine', () => {
  it('is that of all its cores, with waiting for a disk as idle time, and what the host took apart', () => {
    assert.deepEqual(machineTimeIn(stat, allowed('0-1,10')), {
      cores: 3,
      busyMs: 7_020,
      stolenMs: 330,
      wholeMs: 40_680,
    });
  });

  it('is that of the cores alone that this process may run on', () => {
    assert.deepEqual(machineTimeIn(stat, allowed('0')), {
      cores: 1,
      busyMs: 2_210,
      stolenMs: 100,
      wholeMs: 12_410,
    });
    assert.equal(machineTimeIn(stat, allowed('2-9')), null);
  });

  it('is that of all cores where the system does not say which are allowed', () => {
    assert.equal(machineTimeIn(stat, '')?.cores, 3);
    assert.equal(machineTimeIn('intr 0\n', ''), null);
  });
});
