import type { CapacityTerms } from '../model/capacity/capacity.ts';
import { problem } from '../model/error.ts';
import type { CapacityUnit } from '../model/judgement/budget.ts';
import type { Plan } from '../model/run/plan.ts';
import { parseQuantity } from './grammar/quantity.ts';
import { durationKind, rate } from './grammar/quantity-kind.ts';
import { highestLevel, type LoadGuard } from './load-guard.ts';

/** What a user may say of a search. */
export interface CapacityFlags {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly step?: string | undefined;
}

/** From a start that any API holds, the load is doubled nine times at most. */
const usual = {
  perSecond: { from: 10, to: 5_000, example: '10/s' },
  users: { from: 1, to: 500, example: '10' },
};
const shortestMs = 1_000;
const longestMs = 600_000;

/**
 * Where a search of a plan's capacity begins and ends, `--to` at least a little above what a budget asks for. Throws
 * `command.invalid-value` and `command.conflicting-flags`.
 */
export function capacityTerms(
  flags: CapacityFlags,
  plan: Plan,
  limit: number | null,
  guard?: LoadGuard,
): CapacityTerms {
  const unit: CapacityUnit = plan.load.model === 'open' ? 'perSecond' : 'users';
  const from = flags.from === undefined ? usual[unit].from : levelOf('--from', flags.from, unit);
  const highest = guard === undefined ? null : highestLevel(plan, guard);
  const most = Math.min(Math.max(usual[unit].to, Math.ceil(1.1 * (limit ?? 0)), from), highest ?? Infinity);
  const to = flags.to === undefined ? most : levelOf('--to', flags.to, unit);
  if (to < from) {
    throw problem('command.conflicting-flags', {
      where: '--from, --to',
      found: `${from} and ${to}`,
      expected: 'a start that is not above the end',
    });
  }
  if (highest !== null && to > highest) {
    throw problem('target.too-fast', {
      where: '--to',
      found: `${to}`,
      expected: `at most ${highest}, as maxRate in plimsoll.config.json says`,
    });
  }
  const stepMs = stepOf(flags.step ?? '10s');
  const warmupMs = plan.load.warmup > 0 ? plan.load.warmup : Math.min(2_000, stepMs);
  return { unit, from, to, precision: 0.05, stepMs, warmupMs };
}

function levelOf(where: string, text: string, unit: CapacityUnit): number {
  const users = Number(text);
  const expected =
    unit === 'perSecond' ? 'a rate from 1/s, such as 100/s' : 'a number of users from 1, such as 50';
  const wrong = () =>
    problem('command.invalid-value', {
      where,
      found: text,
      expected,
      instead: `${where} ${usual[unit].example}`,
    });
  if (unit === 'users') {
    if (Number.isInteger(users) && users >= 1 && users <= 1_000_000) return users;
    throw wrong();
  }
  if (!/\//.test(text)) throw wrong();
  const perSecond = parseQuantity(rate, text);
  if (perSecond >= 1) return perSecond;
  throw wrong();
}

function stepOf(text: string): number {
  const ms = parseQuantity(durationKind, text);
  if (ms >= shortestMs && ms <= longestMs) return ms;
  throw problem('command.invalid-value', {
    where: '--step',
    found: text,
    expected: 'a duration from 1s to 10m',
    instead: '--step 10s',
  });
}
