import type { Fingerprint } from '../../src/model/record.ts';

/** What must be alike of two machines for their measurements to be counted together. */
export function machineKind({ cpu, cores, os, node }: Fingerprint): string {
  const [system = '', release = ''] = os.split(' ');
  const kernel = /^\d+\.\d+/.exec(release)?.[0] ?? release;
  return `${cpu}, ${cores} cores, ${system} ${kernel}, Node ${node.split('.')[0]}`;
}
