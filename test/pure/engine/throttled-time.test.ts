import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strainReader } from '../../../src/engine/workers/strain-counters.ts';
import { throttledMsIn, throttlingFiles, waitedMsIn } from '../../../src/engine/workers/throttled-time.ts';

const two = 'usage_usec 5\nnr_periods 4\nnr_throttled 2\nthrottled_usec 2500\nnr_bursts 0\n';
const one = 'nr_periods 4\nnr_throttled 2\nthrottled_time 2500000\n';
/** The root of version 2, and a group without a controller, count no throttling. */
const none = 'usage_usec 5\nuser_usec 3\n';

const reader =
  (files: { readonly [file: string]: string }) =>
  (file: string): string | null =>
    files[file] ?? null;

describe('the time for which a container is throttled', () => {
  it('is read of both versions of control groups', () => {
    assert.equal(throttledMsIn(two), 2.5);
    assert.equal(throttledMsIn(one), 2.5);
    assert.equal(throttledMsIn(none), null);
    assert.equal(throttledMsIn('throttled_usec -1\n'), null);
    assert.equal(throttledMsIn(''), null);
  });

  it('is that of the own group of version 2 and of all around it', () => {
    const files = throttlingFiles(
      reader({
        '/proc/self/cgroup': '0::/system.slice/docker-1.scope\n',
        '/sys/fs/cgroup/system.slice/docker-1.scope/cpu.stat': two,
        '/sys/fs/cgroup/system.slice/cpu.stat': two,
        '/sys/fs/cgroup/cpu.stat': none,
      }),
    );
    assert.deepEqual(files, [
      '/sys/fs/cgroup/system.slice/docker-1.scope/cpu.stat',
      '/sys/fs/cgroup/system.slice/cpu.stat',
    ]);
  });

  it('is that of the processor of version 1, of whose path a container may see the top alone', () => {
    const files = throttlingFiles(
      reader({
        '/proc/self/cgroup': '9:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n2:cpuset:/\n0::/docker/1\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.stat': one,
        '/sys/fs/cgroup/memory/docker/1/cpu.stat': one,
      }),
    );
    assert.deepEqual(files, ['/sys/fs/cgroup/cpu,cpuacct/cpu.stat']);
  });

  it('is not known where nothing says so, and leads to no other file', () => {
    assert.deepEqual(throttlingFiles(reader({})), []);
    assert.deepEqual(throttlingFiles(reader({ '/proc/self/cgroup': 'what\n0:\n0::relative\n' })), []);
    const outside = { '/proc/self/cgroup': '0::/../../etc\n', '/etc/cpu.stat': two };
    assert.deepEqual(throttlingFiles(reader(outside)), []);
    const { throttledMs, waitedMs } = strainReader(reader({}))();
    assert.deepEqual({ throttledMs, waitedMs }, { throttledMs: null, waitedMs: null });
  });
});

describe('the time for which tasks wait for a core', () => {
  it('is the total of some, in ms', () => {
    const text = 'some avg10=31.34 avg60=25.58 avg300=30.60 total=24607494\nfull avg10=0.00 total=7\n';
    assert.equal(waitedMsIn(text), 24_607.494);
    assert.equal(waitedMsIn('full avg10=0.00 total=7\n'), null);
    assert.equal(waitedMsIn(''), null);
  });
});
