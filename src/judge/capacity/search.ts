import type { CapacityEnd, CapacityTerms, Probe } from '../../model/capacity/capacity.ts';

/** What is to be done next: try a load, or nothing more. */
export type NextProbe =
  | { readonly kind: 'probe'; readonly level: number; readonly confirms: boolean }
  | { readonly kind: 'end'; readonly end: CapacityEnd };

/**
 * What follows from the probes so far. The load is doubled until one breaks, halved where the first does, and the gap
 * between what held and what did not is halved (in its logarithm) until it is narrow enough. The highest load that held is then
 * tried once more, for longer: a load may hold by chance. One that breaks then counts as broken. A load at which the generator was
 * the limit is tried twice, since a busy machine may be the cause.
 */
export function nextProbe(probes: readonly Probe[], terms: CapacityTerms): NextProbe {
  const { from, to, precision } = terms;
  const last = probes.at(-1);
  if (last === undefined) return { kind: 'probe', level: from, confirms: false };
  if (last.outcome.kind === 'interrupted') return ended({ kind: 'interrupted', heldAt: topOf(probes) });
  const { level, confirms } = last;
  if (isSpoiled(last) && spoiledAt(probes, level) < 2) return { kind: 'probe', level, confirms };
  const ceiling = ceilingOf(probes);
  const top = topOf(probes);
  if (top === null) {
    const lower = Math.max(1, rounded((ceiling ?? from) / 2, terms));
    if (ceiling !== null && lower < ceiling) return { kind: 'probe', level: lower, confirms: false };
    return ended(endOf(probes, null, ceiling ?? from));
  }
  const isConfirmed = probes.some(
    probe => probe.level === top && probe.confirms && probe.outcome.kind === 'held',
  );
  const confirmed = (end: CapacityEnd): NextProbe =>
    isConfirmed ? ended(end) : { kind: 'probe', level: top, confirms: true };
  if (ceiling === null) {
    if (top >= to) return confirmed({ kind: 'most', capacity: top });
    return { kind: 'probe', level: Math.min(to, rounded(2 * top, terms)), confirms: false };
  }
  const middle = rounded(Math.sqrt(top * ceiling), terms);
  const isNarrow = ceiling / top - 1 <= precision || middle <= top || middle >= ceiling;
  if (!isNarrow) return { kind: 'probe', level: middle, confirms: false };
  return confirmed(endOf(probes, top, ceiling));
}

function endOf(probes: readonly Probe[], top: number | null, ceiling: number): CapacityEnd {
  const isGenerators = !probes.some(probe => probe.level === ceiling && isBroken(probe));
  if (isGenerators) return { kind: 'generator', capacity: top, limitedAt: ceiling };
  return top === null
    ? { kind: 'none', brokeAt: ceiling }
    : { kind: 'found', capacity: top, brokeAt: ceiling };
}

/** The lowest load that did not hold, or that the generator could not send; null for none. */
function ceilingOf(probes: readonly Probe[]): number | null {
  const levels = probes.filter(
    probe => isBroken(probe) || (isSpoiled(probe) && spoiledAt(probes, probe.level) >= 2),
  );
  return levels.length === 0 ? null : Math.min(...levels.map(({ level }) => level));
}

/** The highest load below that which held; null for none. */
function topOf(probes: readonly Probe[]): number | null {
  const ceiling = ceilingOf(probes) ?? Number.POSITIVE_INFINITY;
  const held = probes.filter(({ level, outcome }) => outcome.kind === 'held' && level < ceiling);
  return held.length === 0 ? null : Math.max(...held.map(({ level }) => level));
}

function isBroken({ outcome: { kind } }: Probe): boolean {
  return kind === 'broke' || kind === 'fellBehind' || kind === 'failed';
}

/** Of what the generator spoiled, nothing is known. */
function isSpoiled({ outcome: { kind } }: Probe): boolean {
  return kind === 'generator' || kind === 'blurred';
}

function spoiledAt(probes: readonly Probe[], level: number): number {
  return probes.filter(probe => probe.level === level && isSpoiled(probe)).length;
}

/** Three digits are as many as anybody can tell apart; users are whole. */
function rounded(level: number, { unit }: CapacityTerms): number {
  return unit === 'users' ? Math.round(level) : Number(level.toPrecision(3));
}

function ended(end: CapacityEnd): NextProbe {
  return { kind: 'end', end };
}
