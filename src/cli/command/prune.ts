import type { Argv } from 'yargs';
import { baselinesDocument, problem, pruneBaselines } from '../../app.ts';
import { baselinesOf, type StoreFlags } from '../flags/baseline-flags.ts';
import { countedRuns, nameSkipped } from '../flags/stored-runs.ts';
import type { Session } from '../streams/session.ts';
import { terminalText } from '../terminal/output.ts';

/** The flags of `plimsoll baseline prune`. */
export interface PruneFlags extends StoreFlags {
  readonly keep: string | undefined;
  readonly olderThan: string | undefined;
  readonly dryRun: boolean;
}

/** Declares them. */
export const pruneFlags = (argv: Argv<StoreFlags>): Argv =>
  argv.options({
    keep: {
      type: 'string',
      requiresArg: true,
      describe: 'Number of newest baselines to keep, per scenario',
    },
    'older-than': {
      type: 'string',
      requiresArg: true,
      describe: 'Remove only what is older, such as 90d or 12w',
    },
    'dry-run': {
      type: 'boolean',
      default: false,
      describe: 'Show what would be removed, without removing it',
    },
  }) as never;

/** Removes what is past the limits, and says what went. */
export async function prune(flags: PruneFlags, session: Session): Promise<string> {
  const { keep, olderThan, dryRun } = flags;
  if (keep === undefined && olderThan === undefined) {
    throw problem('command.missing-argument', {
      where: 'plimsoll baseline prune',
      found: 'nothing that says what may go',
      expected: '--keep, --older-than, or both',
      instead: 'plimsoll baseline prune --keep 20 --dry-run',
    });
  }
  const options = {
    keep: keep === undefined ? undefined : countFrom(keep),
    olderThanMs: olderThan === undefined ? undefined : ageMs(olderThan),
  };
  const { baselines } = await baselinesOf(flags, session);
  const { gone, skipped } = await pruneBaselines(baselines, {
    ...options,
    dryRun,
    now: new Date(),
  });
  nameSkipped(skipped, session);
  if (gone.length === 0) return 'nothing to remove';
  const verb = dryRun ? 'would remove' : 'removed';
  const sentence = `${verb} ${countedRuns(gone.length)} from ${baselines.store.place}`;
  return terminalText(baselinesDocument(sentence, gone), session).trimEnd();
}

/** Digits alone: of an empty text, as a variable that is not set gives it, a number would be made of nothing. */
function countFrom(written: string): number {
  if (/^\d+$/.test(written)) return Number(written);
  throw problem('command.invalid-value', {
    where: '--keep',
    found: JSON.stringify(written),
    expected: 'a whole number',
    instead: '--keep 20',
  });
}

const dayMs = 86_400_000;

function ageMs(written: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(h|d|w)$/.exec(written) ?? [];
  const units: { readonly [unit: string]: number } = { h: dayMs / 24, d: dayMs, w: 7 * dayMs };
  const times = units[unit ?? ''];
  if (times !== undefined) return Number(count) * times;
  throw problem('command.invalid-value', {
    where: '--older-than',
    found: written,
    expected: 'an age in hours, days or weeks, such as 36h, 90d or 12w',
  });
}
