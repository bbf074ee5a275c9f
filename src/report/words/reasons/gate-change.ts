import type { GateBase, GateChange } from '../../../model/gate.ts';

/** What a checkout says otherwise than its base, in one line. */
export function gateChange(change: GateChange, { name }: GateBase): string {
  if (change.kind === 'moved') return `${change.to}: in place of ${change.file} in ${name}`;
  if (change.kind === 'file') return `${change.file}: ${hows[change.how]}`;
  const { file, path, values } = change;
  if (values === null) return `${file}, ${path}: changed`;
  return `${file}, ${path}: ${values.base ?? 'not set'} in ${name}, ${values.head ?? 'not set'} here`;
}

const hows: { readonly [how in Extract<GateChange, { kind: 'file' }>['how']]: string } = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
};

/** Whose gate judges: `main (1f0e2d3c4b)`. */
export function gateBaseText({ name, commit }: GateBase): string {
  return name === commit ? commit.slice(0, 10) : `${name} (${commit.slice(0, 10)})`;
}
