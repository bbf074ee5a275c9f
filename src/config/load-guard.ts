import { problem } from '../model/error.ts';
import type { Plan } from '../model/run/plan.ts';
import { visitsOf } from '../model/run/step-paths.ts';
import { matchesHost } from '../safety/target.ts';
import { number } from '../words/quantity-text.ts';
import type { Settings } from './settings.ts';

/** What a folder does not let anybody send, wherever load may go. */
export interface LoadGuard {
  /** Hosts that are in production: exact names, or `*.example.com`. */
  readonly production: readonly string[];
  /** The most requests per second; null for no bound. */
  readonly maxRate: number | null;
  /** True where the user says that methods which change something may go to production. */
  readonly allowUnsafe: boolean;
}

/** What the settings and the command line say of it. */
export function loadGuard({ production, maxRate }: Settings, allowUnsafe = false): LoadGuard {
  return { production: production ?? [], maxRate: maxRate ?? null, allowUnsafe };
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Throws `target.production` of a plan that would change something there, and `target.too-fast` of one above the cap. */
export function assertGuarded(plan: Plan, { production, maxRate, allowUnsafe }: LoadGuard): void {
  const { target, endpoints, framing } = plan;
  const isProduction = production.some(pattern => matchesHost(pattern, target.host));
  const changing = [...endpoints, ...(framing?.endpoints ?? [])].find(
    ({ method }) => !safeMethods.includes(method),
  );
  if (isProduction && !allowUnsafe && changing !== undefined) {
    throw problem('target.production', {
      where: target.host,
      found: changing.name,
      expected: 'GET, HEAD and OPTIONS alone, for a host that plimsoll.config.json names in production',
      instead: '--allow-unsafe, if these requests may change what is there',
    });
  }
  if (maxRate === null) return;
  const peak = peakRate(plan);
  if (peak !== null && peak <= maxRate * (1 + 1e-9)) return;
  throw problem('target.too-fast', {
    where: target.host,
    found:
      peak === null
        ? 'a closed load without pacing: its users send as fast as they are answered'
        : `${number(peak)} requests per second at the most`,
    expected: `at most ${number(maxRate)}/s, as maxRate in plimsoll.config.json says`,
    instead: peak === null ? 'an open load, or pacing' : 'a lower rate, or fewer users',
  });
}

/** The highest rate, or number of users, of a plan's requests under the cap; null for no bound. */
export function highestLevel({ load, journeys }: Plan, { maxRate }: LoadGuard): number | null {
  if (maxRate === null) return null;
  const perSecond = maxRate / Math.max(...journeys.map(({ steps }) => requestsIn(steps)));
  return load.model === 'open' ? perSecond : Math.floor((perSecond * load.pacing) / 1_000);
}

/** The most requests per second that a load brings, redirects apart; null where only answers bound it. */
function peakRate({ load, journeys }: Plan): number | null {
  const peak = Math.max(...load.stages.map(({ from, to }) => Math.max(from, to)));
  const started = load.model === 'open' ? peak : load.pacing > 0 ? (1_000 * peak) / load.pacing : null;
  if (started === null) return null;
  return started * Math.max(...journeys.map(({ steps }) => requestsIn(steps)));
}

function requestsIn(steps: Plan['journeys'][number]['steps']): number {
  const visits = visitsOf(steps);
  return steps.reduce((sum, { kind }, index) => sum + (kind === 'request' ? (visits[index] ?? 0) : 0), 0);
}
