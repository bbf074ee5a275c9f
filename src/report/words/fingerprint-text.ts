import type { Fingerprint } from '../../model/run/record.ts';
import { counted, none, number } from '../../words/quantity-text.ts';
import { type Inline, line, name } from './inline.ts';

/** The machine, the system, the tool and the commit, each with what it is; a line each. */
export function fingerprintRows({
  cpu,
  cores,
  memoryMb,
  os,
  node,
  plimsoll,
  ci,
  git,
}: Fingerprint): readonly (readonly [what: string, text: Inline])[] {
  const branch = git?.branch ? line` on ${name(git.branch)}` : [];
  const dirty = git?.dirty ? ', with uncommitted changes' : '';
  return [
    ['machine', line`${name(cpu)}, ${counted(cores, 'core')}, ${number(memoryMb / 1_024)} GB`],
    ['system', line`${name(os)}, Node ${name(node)}`],
    ['tool', line`Plimsoll ${name(plimsoll)}${ci === null ? [] : line` in ${name(ci)}`}`],
    ['commit', git === null ? [none] : line`${name(git.commit.slice(0, 12))}${branch}${dirty}`],
  ];
}
