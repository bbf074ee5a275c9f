import { mismatchOf } from '../../src/analysis/likeness.ts';
import type { Fingerprint } from '../../src/model/run/record.ts';

/** Whether measurements of two machines are counted together: where their runs would be compared without reserve. */
export function isSameMachine(one: Fingerprint, other: Fingerprint): boolean {
  return (
    mismatchOf({ digest: '', fingerprint: one }, { digest: '', fingerprint: other }).machine.length === 0
  );
}

/** What a reader is told of a machine. */
export function machineKind({ cpu, cores, os, node }: Fingerprint): string {
  const [system = '', release = ''] = os.split(' ');
  const kernel = /^\d+\.\d+/.exec(release)?.[0] ?? release;
  return `${cpu}, ${cores} cores, ${system} ${kernel}, Node ${node.split('.')[0]}`;
}
