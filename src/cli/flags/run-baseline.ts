import { type ComparisonOptions, PlimsollError, runsNamed } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import { baselinesOf } from './baseline-flags.ts';
import type { GatedPlaces } from './gate-flags.ts';
import type { RunFlags } from './run-flags.ts';

/** The runs that each run is held against; a baseline that was named must exist before anything is sent. */
export async function baselineFrom(
  flags: RunFlags,
  session: Session,
  { settings, gate }: Pick<GatedPlaces, 'settings' | 'gate'>,
): Promise<ComparisonOptions | undefined> {
  if (flags.baseline === 'none') return undefined;
  const { baseline } = flags;
  try {
    const { baselines, out, targetBranch } = await baselinesOf(flags, session, settings);
    const named = baseline === undefined ? undefined : await runsNamed(baseline, baselines, out);
    return { baselines, named, targetBranch, gate: gate?.base.commit };
  } catch (error) {
    // After an interrupt there is no run to hold against anything.
    if (session.interrupt.aborted && error === session.interrupt.reason) return undefined;
    // A repository that git cannot read costs the comparison, unless somebody asked for a certain one.
    if (baseline === undefined && isGitFailure(error)) return { baselines: error };
    throw error;
  }
}

function isGitFailure(error: unknown): error is PlimsollError {
  return error instanceof PlimsollError && error.problems[0]?.code === 'store.git-failed';
}
