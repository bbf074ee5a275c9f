import { type Gate, openGate, problem } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import { type Places, placesOf, type SharedFlags } from './options.ts';

/** The flag of every command whose verdict can guard a branch. */
export interface GateFlags {
  readonly gate: string | undefined;
}

/** The flag that says whose gate judges. */
export const gateFlag = {
  gate: {
    type: 'string',
    requiresArg: true,
    describe:
      'Whose budgets and settings judge: base (in a pull request, those of its target branch), a commit, or head [default: head]',
  },
} as const;

/** Where files are, and the gate of the base; null for that of the checkout. */
export interface GatedPlaces extends Places {
  readonly gate: Gate | null;
}

/** Settles whose gate judges, and where files are by its settings. The budgets are the checkout's own, which must be right as well. */
export async function gatedPlacesOf(
  flags: GateFlags & Pick<SharedFlags, 'budgets' | 'out' | 'quiet'>,
  session: Session,
): Promise<GatedPlaces> {
  const { cwd, env } = session;
  const { gate: from } = flags;
  if (from !== undefined && from.trim() === '') {
    throw problem('command.invalid-value', {
      where: '--gate',
      found: JSON.stringify(from),
      expected: 'base, head, or a commit, branch or tag',
    });
  }
  const own = await placesOf(flags, session);
  const gate = await openGate({ cwd, env, from, budgets: flags.budgets, out: flags.out, own });
  if (gate === null) {
    // Silence would pass for a gate that guards.
    if (from === 'base' && !flags.quiet) {
      session.stderr.write('note: CI names no pull request here, so --gate base changes nothing\n');
    }
    return { ...own, gate };
  }
  const { settings } = gate;
  return { settings, budgets: own.budgets, out: flags.out ?? settings.out ?? 'reports', gate };
}
