import type { Fingerprint } from '../../model/run/record.ts';
import { counted, none, number } from '../../words/quantity-text.ts';

/** The machine, the system, the tool and the commit, each with what it is; untrusted text goes through `show`. */
export function fingerprintRows(
  { cpu, cores, memoryMb, os, node, plimsoll, ci, git }: Fingerprint,
  show: (untrusted: string) => string,
): readonly (readonly [what: string, text: string])[] {
  const branch = git?.branch ? ` on ${show(git.branch)}` : '';
  const dirty = git?.dirty ? ', with uncommitted changes' : '';
  return [
    ['machine', `${show(cpu)}, ${counted(cores, 'core')}, ${number(memoryMb / 1_024)} GB`],
    ['system', `${show(os)}, Node ${show(node)}`],
    ['tool', `Plimsoll ${show(plimsoll)}${ci === null ? '' : ` in ${show(ci)}`}`],
    ['commit', git === null ? none : `${show(git.commit.slice(0, 12))}${branch}${dirty}`],
  ];
}
