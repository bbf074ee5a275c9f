import type { FingerprintDifference, Mismatch } from '../model/judgement/baseline.ts';
import type { Fingerprint, RecordHeader } from '../model/run/record.ts';

/** How far the memory of two machines of one kind differs. */
const memoryTolerance = 0.02;

/**
 * What stands between a run and a baseline: another workload (the scenario's digest), and the parts of the machine that
 * differ. Patch releases of the operating system's kernel and of Node, and Plimsoll's own version, do not count: machines
 * of one kind are updated all the time.
 */
export function mismatchOf(
  baseline: Pick<RecordHeader, 'digest' | 'fingerprint'>,
  run: Pick<RecordHeader, 'digest' | 'fingerprint'>,
): Mismatch {
  return {
    workload: baseline.digest !== run.digest,
    machine: machineDifferences(baseline.fingerprint, run.fingerprint),
  };
}

/** Whether two runs can be compared without reserve. */
export function isAlike({ workload, machine }: Mismatch): boolean {
  return !workload && machine.length === 0;
}

function machineDifferences(baseline: Fingerprint, run: Fingerprint): readonly FingerprintDifference[] {
  const parts: readonly (readonly [FingerprintDifference['part'], (of: Fingerprint) => string])[] = [
    ['cpu', of => of.cpu],
    ['cores', of => String(of.cores)],
    ['os', of => of.os.replace(/(\d{1,9}\.\d{1,9})\S*/, '$1')],
    ['node', of => of.node.replace(/^v?(\d+).*/s, '$1')],
    ['ci', of => of.ci ?? 'none'],
    ['targetHost', of => of.targetHost],
  ];
  const differences = parts.flatMap(([part, read]): readonly FingerprintDifference[] => {
    const [one, other] = [read(baseline), read(run)];
    return one === other ? [] : [{ part, baseline: one, run: other }];
  });
  const memoryGap = Math.abs(baseline.memoryMb - run.memoryMb);
  if (memoryGap <= memoryTolerance * Math.max(baseline.memoryMb, run.memoryMb)) return differences;
  return [...differences, { part: 'memory', baseline: `${baseline.memoryMb} MB`, run: `${run.memoryMb} MB` }];
}
