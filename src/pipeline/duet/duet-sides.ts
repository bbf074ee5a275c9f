import type { Contestant, OfBoth, Side, UnitKind } from '../../model/duet/duet.ts';
import { PlimsollError } from '../../model/error.ts';
import type { Target } from '../../model/run/plan.ts';

/** Where one side is to be found. */
export interface Place {
  readonly target: Target;
  readonly addresses: readonly string[];
}

/** Both sides, ready to be loaded, until they are closed. */
export interface Scene {
  readonly places: OfBoth<Place>;
  /** The CPU time that each side has used since it was started, in µs; null where it is not known. */
  cpuUs(): OfBoth<number> | null;
  /** One sentence where a side has ended by itself; else null. */
  ended(): string | null;
  close(): Promise<void>;
}

/** What provides both sides of a duet, unit after unit. */
export interface Stage {
  readonly contestants: OfBoth<Contestant>;
  readonly unit: UnitKind;
  /** What a reader should know of the sides, a sentence each. */
  readonly notes: readonly string[];
  /** Makes both sides ready for a unit, `first` before the other. */
  open(first: Side): Promise<Scene>;
  /** Removes whatever was made for the duet. */
  close(): Promise<void>;
}

/**
 * Closes the stage when the work on it is done: what stays behind is told beside its result, and neither instead of it nor
 * instead of what the work threw.
 */
export async function closing<Result extends { readonly problems: readonly PlimsollError[] }>(
  stage: Stage,
  work: Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await work;
  } catch (error) {
    await stage.close().catch(() => {});
    throw error;
  }
  try {
    await stage.close();
    return result;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { ...result, problems: [...result.problems, error] };
  }
}

/** What happens before and between units, for people who watch. */
export type StageEvent =
  | { readonly kind: 'preparing'; readonly side: Side; readonly what: string }
  | { readonly kind: 'starting'; readonly side: Side }
  /** Something that is to be told at once. */
  | { readonly kind: 'note'; readonly sentence: string };
