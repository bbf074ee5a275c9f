import { problem } from '../../model/error.ts';
import type { Load } from '../../model/run/scenario.ts';
import { type Millis, millis, type PerSecond } from '../../model/units.ts';
import { parseQuantity, parseRange, type Range } from '../grammar/quantity.ts';
import { durationKind, rate } from '../grammar/quantity-kind.ts';
import { usualMaxDuration } from '../schema/load-schema.ts';
import type { Diagnostics } from '../source/diagnostics.ts';

/** What flags say of a load. */
export interface FlagLoad {
  /** Journeys started per second, `100/s`; this or `users`. */
  readonly rate?: string | undefined;
  readonly users?: number | undefined;
  /** How many requests the users send in all, in place of a duration. */
  readonly iterations?: number | undefined;
  /** How long the load lasts; it has no default. Of a number of requests, how long it lasts at most; default: 10m. */
  readonly duration?: string | undefined;
  /** Default: 0s. */
  readonly warmup?: string | undefined;
  readonly poisson?: boolean | undefined;
}

/** The load that flags say; undefined where they are wrong, which the diagnostics tell. */
export function loadFromFlags(flags: FlagLoad, diagnostics: Diagnostics): Load | undefined {
  const length = diagnostics.attempt('--duration', () => durationFromFlags(flags));
  const warmup = diagnostics.attempt('--warmup', () => timeFrom(flags.warmup ?? '0s', 'zero'));
  const pace = diagnostics.attempt('--rate', () => paceFromFlags(flags));
  if (length === undefined || warmup === undefined || pace === undefined) return undefined;
  if ('users' in pace) {
    const stages = [{ duration: length, from: pace.users, to: pace.users }];
    return { model: 'closed', warmup, pacing: millis(0), stages, iterations: pace.iterations };
  }
  const arrivals = flags.poisson === true ? 'poisson' : 'constant';
  return { model: 'open', warmup, arrivals, stages: [{ duration: length, ...pace.rate }] };
}

function paceFromFlags({
  rate: written,
  users,
  iterations,
  poisson,
}: FlagLoad): { readonly rate: Range<PerSecond> } | UsersPace {
  if (iterations !== undefined && written !== undefined) {
    throw problem('command.conflicting-flags', {
      where: '--iterations',
      found: '--rate, which with --duration says how many requests there are',
      expected: '--users, who send so many requests',
    });
  }
  if ((written === undefined) === (users === undefined)) {
    if (iterations !== undefined) throw usersMissing();
    throw problem(written === undefined ? 'command.missing-argument' : 'command.conflicting-flags', {
      where: '--rate, --users',
      found: written === undefined ? 'neither' : 'both',
      expected: 'one of them: a rate of arrivals (open load), or a number of users (closed load)',
      instead: '--rate 100/s or --users 10',
    });
  }
  if (written !== undefined) {
    const read = parseRange(rate, written);
    if (read.from > 0 || read.to > 0) return { rate: read };
    throw problem('value.out-of-range', { found: JSON.stringify(written), expected: 'a rate above 0/s' });
  }
  if (users === undefined || !Number.isInteger(users) || users < 1 || users > 100_000) {
    const details = { found: String(users), expected: 'a whole number from 1 to 100000' };
    throw problem('command.invalid-value', { where: '--users', ...details });
  }
  if (iterations !== undefined && !(Number.isInteger(iterations) && iterations >= 1 && iterations <= 1e9)) {
    const details = { found: String(iterations), expected: 'a whole number from 1 to 1000000000' };
    throw problem('command.invalid-value', { where: '--iterations', ...details });
  }
  if (poisson === true) {
    throw problem('command.conflicting-flags', {
      where: '--poisson',
      found: '--users, where users make the arrivals',
      expected: '--rate, whose arrivals can be random',
    });
  }
  return { users, iterations: iterations ?? null };
}

interface UsersPace {
  readonly users: number;
  /** Null where a duration says when they end. */
  readonly iterations: number | null;
}

const usersMissing = () =>
  problem('command.missing-argument', {
    where: '--users',
    found: '--iterations alone',
    expected: 'how many users send these requests',
    instead: '--users 10',
  });

function durationFromFlags({ duration: written, iterations }: FlagLoad): Millis {
  if (written !== undefined) return timeFrom(written, 'aboveZero');
  if (iterations !== undefined) return usualMaxDuration;
  throw problem('command.missing-argument', {
    where: '--duration',
    found: 'no duration',
    expected: 'how long the load lasts',
    instead: '--duration 10s',
  });
}

/** A time that a flag says. */
export function timeFrom(text: string, least: 'zero' | 'aboveZero'): Millis {
  const read = parseQuantity(durationKind, text);
  if (read > 0 || least === 'zero') return read;
  throw problem('value.out-of-range', {
    found: JSON.stringify(text),
    expected: `${durationKind.expected}; more than zero`,
  });
}
