import { join } from 'node:path';
import { type DelayingProxy, startDelayingProxy } from '../../launch/proxy/delaying-proxy.ts';
import { endpointPatterns } from '../../launch/proxy/endpoint-patterns.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import { type OfBoth, type Side, sides } from '../../model/duet/duet.ts';
import type { Plan, Target } from '../../model/run/plan.ts';
import type { Journey } from '../../model/run/scenario.ts';
import { oneEach, type Place, type RunningSides } from '../duet/duet-sides.ts';

/** Both sides behind a delaying proxy each. */
export interface DelayedSides extends RunningSides {
  setRule(side: Side, rule: DelayRule): Promise<void>;
}

/**
 * Puts a delaying proxy of its own before each side, so that what a proxy costs is the same on both; closing closes the
 * sides too, and nothing is left running where a proxy cannot be started.
 */
export async function delayedSides(
  running: RunningSides,
  plan: Plan,
  { out, env }: { readonly out: string; readonly env: NodeJS.ProcessEnv },
): Promise<DelayedSides> {
  const endpoints = endpointPatterns(plan);
  const proxies: { [side in Side]?: DelayingProxy } = {};
  const close = async () => {
    await Promise.all([...Object.values(proxies).map(proxy => proxy.stop()), running.close()]);
  };
  try {
    for (const side of sides) {
      const logFile = join(out, 'logs', `calibration-proxy-${side}.log`);
      const place = running.places[side] as Place;
      proxies[side] = await startDelayingProxy({ ...place, endpoints, logFile, env });
    }
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const both = proxies as OfBoth<DelayingProxy>;
  const placeOf = ({ target, addresses }: DelayingProxy) => ({ target, addresses });
  return {
    ...running,
    places: { base: placeOf(both.base), head: placeOf(both.head) },
    names: [oneEach],
    ended() {
      const gone = sides.find(side => both[side].isGone());
      const reason = 'a delaying proxy ended while it was in use';
      return running.ended() ?? (gone === undefined ? null : { name: gone, reason });
    },
    setRule: (side, rule) => both[side].setRule(rule),
    close,
  };
}

/** The plan with the host of its target in every request, whatever port the requests are sent to. */
export function planThroughProxies(plan: Plan): Plan {
  const value = { literals: [hostText(plan.target)], expressions: [] };
  const named = <Of extends Journey | null>(journey: Of): Of =>
    journey && {
      ...journey,
      steps: journey.steps.map(step => {
        if (step.kind !== 'request' || step.headers.some(({ name }) => name.toLowerCase() === 'host'))
          return step;
        return { ...step, headers: [{ name: 'host', value }, ...step.headers] };
      }),
    };
  const { framing, proxies: _asked, ...rest } = plan;
  return {
    ...rest,
    // The name is that of the target, and the address is always this machine's.
    transport: { ...plan.transport, dns: 'once' },
    journeys: plan.journeys.map(named),
    ...(framing && {
      framing: { ...framing, setup: named(framing.setup), teardown: named(framing.teardown) },
    }),
  };
}

function hostText({ host, port }: Target): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
