import { layoutOptions, rebuildOption } from '../../config/duet-flags.ts';
import type { DurationText } from '../../config/grammar/quantity-text.ts';
import type { Scenario } from '../../config/schema/scenario-value.ts';
import { problem } from '../../model/error.ts';
import { counted } from '../../words/quantity-text.ts';
import { runDuet, type SavedDuet } from '../duet/duet.ts';
import type { DuetEvent } from '../duet/duet-play.ts';
import { prepareDuet, sideNames } from '../duet/duet-preparation.ts';
import type { SidesEvent } from '../duet/duet-sides.ts';
import { preflightDuet } from '../run/preflight.ts';
import { withOptionNames } from './option-names.ts';
import { inFolder, type LoadOptions, surroundingsOf } from './options.ts';

/** The sides of a duet, and what else its call may say. */
export interface DuetCall extends LoadOptions {
  /** What it was: a commit, branch or tag of the repository around `cwd`; or a URL, or those of several instances of it. */
  readonly base: string | readonly string[];
  /** What it is now; a URL where `base` is one, and as many of them. Default: `HEAD`. */
  readonly head?: string | readonly string[] | undefined;
  /** How long each turn is. Default: `250ms`. */
  readonly slot?: DurationText | undefined;
  /** Turns of each side in a start. Default: 18. */
  readonly pairs?: number | undefined;
  /** How often each commit is built: each start runs one of the builds. Default: 1. */
  readonly rebuild?: number | undefined;
  /** Decides every coin; drawn where it is left out. */
  readonly seed?: number | undefined;
  readonly onEvent?: ((event: DuetEvent | SidesEvent) => void) | undefined;
}

/**
 * Loads two commits, built and started afresh again and again, or two URLs, in turn by one scenario, and says whether the
 * second is slower. It stops as soon as that is settled, and removes what it made. Throws as `run` does.
 */
export function duet(scenario: string | Scenario, options: DuetCall): Promise<SavedDuet> {
  return withOptionNames(inFolder(options, folder => duetIn(folder, scenario, options)));
}

async function duetIn(folder: string, scenario: string | Scenario, options: DuetCall): Promise<SavedDuet> {
  const { command, ...surroundings } = surroundingsOf(options);
  const { base, head = 'HEAD', slot, pairs, rebuild, seed, signal, onEvent } = options;
  const source =
    typeof scenario === 'string'
      ? ({ kind: 'file', file: scenario } as const)
      : ({ kind: 'value', value: scenario } as const);
  const layout = layoutOptions({ slot, pairs });
  const sides = sideNames(base, head);
  if (sides.kind === 'refs' && sides.heads.length > 1) {
    throw problem('command.invalid-value', {
      where: 'head',
      found: counted(sides.heads.length, 'commit'),
      expected: 'one commit; only the command plimsoll duet compares several in one duet',
    });
  }
  const builds = rebuildOption(rebuild, sides.kind);
  const prepared = await prepareDuet(source, sides, surroundings);
  await preflightDuet({ out: folder, reports: { subject: 'duet', folder: null, summary: null } });
  signal?.throwIfAborted();
  return await runDuet(prepared, {
    ...surroundings,
    out: folder,
    layout,
    rebuild: builds,
    command,
    seed,
    interrupt: signal,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}
