import type { Contestant, OfBoth, RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { PlimsollError } from '../../model/error.ts';
import type { Plan, SetCookie, Target } from '../../model/run/plan.ts';

/** Where one side is to be found. */
export interface Place {
  readonly target: Target;
  readonly addresses: readonly string[];
  /** The plan's, with what the setup captured on this side; left out where nothing was set up. */
  readonly data?: Plan['data'];
  /** Those that the setup was given on this side. */
  readonly setupCookies?: readonly SetCookie[];
}

/** Both sides, ready to be loaded, until they are closed. */
export interface RunningSides {
  /** Whatever takes turns, by name: `base` and `head`, or `base 1`, `base 2` and so on where a side has several instances. */
  readonly places: { readonly [name: string]: Place };
  /** The names of the places of base and of one head: an entry for each head that was opened. */
  readonly names: readonly OfBoth<readonly string[]>[];
  /** What was drawn for builds that Plimsoll made, likewise. */
  readonly drawn?: readonly Pick<Restart, 'firstFolder' | 'builds'>[];
  /** The CPU time that each place's server has used since it was started, in µs; null where it is not known. */
  cpuUs(): { readonly [name: string]: number } | null;
  /** A place whose server has ended by itself, and a sentence on it; else null. */
  ended(): { readonly name: string; readonly reason: string } | null;
  /** Takes note of secrets that were captured from answers, where logs are kept that may quote them. */
  readonly learn?: (secrets: readonly string[]) => void;
  close(): Promise<void>;
}

/** The names of the places of two sides, each of which is one. */
export const oneEach: OfBoth<readonly string[]> = { base: ['base'], head: ['head'] };

/** One of the heads of a duet, against base. */
export interface DuetHead {
  /** `head`, or `head 1` and so on of several. */
  readonly name: string;
  readonly contestants: OfBoth<Contestant>;
  /** What a reader should know of the sides, after what has been played so far. */
  notes(): readonly DuetNote[];
}

/** What provides base and one head or several, restart after restart. */
export interface DuetSides {
  readonly heads: readonly DuetHead[];
  readonly repeat: RepeatKind;
  /** Makes the named ones ready for a restart, one after another: `base` and some of the heads. */
  open(order: readonly string[]): Promise<RunningSides>;
  /** Removes whatever was made for the duet. */
  close(): Promise<void>;
}

/**
 * Closes the duetSides when the work on it is done: what stays behind is told beside its result, and neither instead of it nor
 * instead of what the work threw.
 */
export async function closing<Result extends { readonly problems: readonly PlimsollError[] }>(
  duetSides: DuetSides,
  work: Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await work;
  } catch (error) {
    await duetSides.close().catch(() => {});
    throw error;
  }
  try {
    await duetSides.close();
    return result;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { ...result, problems: [...result.problems, error] };
  }
}

/** What happens before and between restarts, for people who watch. */
export type SidesEvent =
  | { readonly kind: 'preparing'; readonly side: string; readonly what: string }
  | { readonly kind: 'starting'; readonly side: string }
  /** Something that is to be told at once. */
  | { readonly kind: 'note'; readonly sentence: string };
