import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { runChild } from '../../../bench/child.ts';
import { busySeconds } from '../../../bench/core-time.ts';

const surroundings = { cwd: tmpdir(), cores: '0', atMostSeconds: 60 };
const node = (script: string) => ({ file: process.execPath, args: ['-e', script] });
const skip = process.platform === 'linux' ? false : 'children are pinned and read by means of Linux';

describe('a child', { skip }, () => {
  it('keeps its output and its exit code', async () => {
    const ended = await runChild(
      node('console.log("out"); console.error("err"); process.exitCode = 3'),
      surroundings,
    );
    assert.deepEqual([ended.stdout, ended.stderr, ended.code], ['out\n', 'err\n', 3]);
  });

  it('is charged for the CPU time of all its threads', async () => {
    const burn = 'const { cpuUsage } = process; while (cpuUsage().user < USER);';
    const threads = `const { Worker } = require("node:worker_threads");
      new Worker(${JSON.stringify(burn.replace('USER', '400_000'))}, { eval: true });`;
    // The worker burns until the process as a whole has used so much.
    const { cpuSeconds } = await runChild(node(threads), surroundings);
    assert.ok(cpuSeconds >= 0.4 && cpuSeconds < 20, `${cpuSeconds} s`);
  });

  it('is charged with the most memory that it held', async () => {
    const hold = 'const held = Buffer.alloc(150e6, 1); setTimeout(() => held.length, 1_500)';
    const { peakBytes, residentBytes } = await runChild(node(hold), { ...surroundings, watchMemoryMs: 20 });
    assert.ok(peakBytes !== null && peakBytes > 150e6 && peakBytes < 600e6, `${peakBytes} B`);
    assert.ok(
      residentBytes.length > 0 && residentBytes.every(bytes => bytes <= peakBytes),
      `${residentBytes} of ${peakBytes} B`,
    );
  });

  it('keeps its core busy', async () => {
    const before = busySeconds('0');
    const { cpuSeconds } = await runChild(node('while (process.cpuUsage().user < 400_000);'), surroundings);
    // The kernel counts the two by different clocks.
    const busy = busySeconds('0') - before;
    assert.ok(busy > cpuSeconds / 2, `${busy} s, of which the child used ${cpuSeconds} s`);
  });

  it('is ended with all that it started where it outlives its time', async () => {
    const long = { file: 'bash', args: ['-c', 'sleep 300 & wait'] };
    await assert.rejects(
      runChild(long, { ...surroundings, atMostSeconds: 0.3 }),
      /bash still ran after 0.3 s/,
    );
  });
});
