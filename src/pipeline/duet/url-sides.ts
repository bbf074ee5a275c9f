import { parseTarget } from '../../config/grammar/target-url.ts';
import { type Contestant, type OfBoth, type Side, sides } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import type { ProxyRules } from '../../model/run/plan.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { firstAddresses } from '../../safety/proxy/first-addresses.ts';
import { type DuetSides, oneEach, type Place } from './duet-sides.ts';

/** Which hosts may be loaded, and through which proxy. */
interface UrlTerms {
  readonly allowHosts: readonly string[];
  readonly proxies?: ProxyRules | undefined;
}

/**
 * The duetSides of APIs that run already, one instance a side or several: they cannot be started afresh, so that rounds are the
 * restarts.
 */
export async function urlSides(
  urls: OfBoth<readonly string[]>,
  allowHosts: readonly string[],
  proxies?: ProxyRules,
): Promise<DuetSides> {
  const terms = { allowHosts, proxies };
  const placesOf = (side: Side) => Promise.all(urls[side].map(url => placeOf(url, terms)));
  const places = { base: await placesOf('base'), head: await placesOf('head') };
  const all = sides.flatMap(side => places[side]);
  const twice = all.findIndex((place, index) => all.slice(0, index).some(earlier => isSame(earlier, place)));
  if (twice >= 0) {
    const again = all[twice] as Place;
    const [{ target: first }] = all.filter(place => isSame(place, again)) as [Place, ...Place[]];
    throw problem(all.length === 2 ? 'duet.same-side' : 'duet.repeated-instance', {
      where: '--base, --head',
      found:
        first.url === again.target.url
          ? `the same URL twice: ${first.url}`
          : `the same API by two names: ${first.url} and ${again.target.url}`,
      expected:
        all.length === 2 ? 'two APIs that can be loaded in turn' : 'an instance of its own for each URL',
    });
  }
  return sidesOf(places);
}

/** Whether two places are one API: by one URL, or by two names of an address of this machine. */
function isSame(one: Place, other: Place): boolean {
  const { url, port, basePath } = one.target;
  if (url === other.target.url) return true;
  const isHere = isLoopback(url) && isLoopback(other.target.url);
  const isOneAddress = one.addresses.some(address => other.addresses.includes(address));
  return isHere && isOneAddress && port === other.target.port && basePath === other.target.basePath;
}

/** The duetSides of one API that runs already and stands on both sides. */
export async function sameUrlSides(url: string, allowHosts: readonly string[]): Promise<DuetSides> {
  const place = await placeOf(url, { allowHosts });
  return sidesOf({ base: [place], head: [place] });
}

function sidesOf(places: OfBoth<readonly Place[]>): DuetSides {
  const namesOf = (side: Side) =>
    places[side].length === 1 ? oneEach[side] : places[side].map((_, index) => `${side} ${index + 1}`);
  const names = { base: namesOf('base'), head: namesOf('head') };
  const running = {
    places: Object.fromEntries(
      sides.flatMap(side => places[side].map((place, index) => [names[side][index] ?? side, place] as const)),
    ),
    names: [names],
    cpuUs: () => null,
    ended: () => null,
    close: async () => {},
  };
  return {
    heads: [
      {
        name: 'head',
        contestants: { base: contestantOf(places.base), head: contestantOf(places.head) },
        notes: () => [],
      },
    ],
    repeat: 'round',
    open: async () => running,
    close: async () => {},
  };
}

function contestantOf(places: readonly Place[]): Contestant {
  const [url = '', ...others] = places.map(({ target }) => target.url);
  return { kind: 'url', url, ...(others.length === 0 ? {} : { others }) };
}

async function placeOf(url: string, { allowHosts, proxies }: UrlTerms): Promise<Place> {
  const target = parseTarget(url);
  return { target, addresses: await firstAddresses(target, proxies, allowHosts) };
}
