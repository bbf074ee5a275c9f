import { problem } from '../../app.ts';
import type { RunFlags } from './run-flags.ts';

/** Refuses flags of `plimsoll run` that exclude each other. */
export function assertNoConflict(flags: RunFlags): void {
  if (flags.requireBaseline && flags.baseline === 'none') {
    throw problem('command.conflicting-flags', {
      where: '--require-baseline, --baseline none',
      found: 'both',
    });
  }
  if (flags.once && flags.dryRun) {
    throw problem('command.conflicting-flags', {
      where: '--once, --dry-run',
      found: 'both',
      expected: 'one of them',
    });
  }
  if (flags.failOnDrift && flags.openapi === undefined) {
    throw problem('command.conflicting-flags', {
      where: '--fail-on-drift',
      found: 'no --openapi',
      expected: 'the description that answers must match',
    });
  }
  if (flags.dryRun && flags.openapi !== undefined) {
    throw problem('command.conflicting-flags', {
      where: '--dry-run, --openapi',
      found: 'both',
      instead: 'plimsoll validate --openapi, which sends nothing either',
    });
  }
}
