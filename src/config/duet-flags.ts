import { problem } from '../model/error.ts';
import { parseQuantity } from './grammar/quantity.ts';
import { durationKind } from './grammar/quantity-kind.ts';

/** What a user may say of how a duet is laid out. */
export interface LayoutOptions {
  readonly slotMs?: number;
  readonly pairsPerRestart?: number;
}

const slotBounds = { leastMs: 20, mostMs: 10_000 };
const pairBounds = { least: 2, most: 1_000 };
/** A duet has no more restarts, each of which may have builds of its own. */
const mostBuilds = 26;

/** Reads `--slot` and `--pairs`; throws `command.invalid-value`. */
export function layoutOptions(flags: {
  readonly slot?: string | undefined;
  readonly pairs?: number | undefined;
}): LayoutOptions {
  return { ...slotOptions(flags.slot), ...pairOptions(flags.pairs) };
}

function slotOptions(slot: string | undefined): LayoutOptions {
  if (slot === undefined) return {};
  const { leastMs, mostMs } = slotBounds;
  const slotMs = parseQuantity(durationKind, slot);
  if (slotMs >= leastMs && slotMs <= mostMs) return { slotMs };
  throw problem('command.invalid-value', {
    where: '--slot',
    found: slot,
    expected: `a duration from ${leastMs}ms to ${mostMs / 1_000}s`,
    instead: '--slot 250ms',
  });
}

function pairOptions(pairs: number | undefined): LayoutOptions {
  if (pairs === undefined) return {};
  const { least, most } = pairBounds;
  if (Number.isInteger(pairs) && pairs >= least && pairs <= most) return { pairsPerRestart: pairs };
  throw problem('command.invalid-value', {
    where: '--pairs',
    found: String(pairs),
    expected: `a number from ${least} to ${most}`,
  });
}

/** Reads `--rebuild`: how often each commit is built, 1 unless it says so. Throws `command.invalid-value`, of two URLs too. */
export function rebuildOption(rebuild: number | undefined, sides: 'refs' | 'urls'): number {
  if (rebuild === undefined) return 1;
  const isCount = Number.isInteger(rebuild) && rebuild >= 1 && rebuild <= mostBuilds;
  if (isCount && sides === 'refs') return rebuild;
  throw problem('command.invalid-value', {
    where: '--rebuild',
    found: String(rebuild),
    expected: isCount
      ? 'two commits, branches or tags: Plimsoll does not build URLs'
      : `a number from 1 to ${mostBuilds}`,
  });
}
