import { parseTarget } from '../../config/grammar/target-url.ts';
import { type Contestant, type OfBoth, type Side, sides } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import { resolveTarget } from '../../safety/target.ts';
import { type DuetSides, oneEach, type Place } from './duet-sides.ts';

/**
 * The duetSides of APIs that run already, one instance a side or several: they cannot be started afresh, so that rounds are the
 * restarts.
 */
export async function urlSides(
  urls: OfBoth<readonly string[]>,
  allowHosts: readonly string[],
): Promise<DuetSides> {
  const placesOf = (side: Side) => Promise.all(urls[side].map(url => placeOf(url, allowHosts)));
  const places = { base: await placesOf('base'), head: await placesOf('head') };
  const all = sides.flatMap(side => places[side].map(({ target }) => target.url));
  const twice = all.find((url, index) => all.indexOf(url) !== index);
  if (twice !== undefined) {
    throw problem(all.length === 2 ? 'duet.same-side' : 'duet.repeated-instance', {
      where: '--base, --head',
      found: `the same URL twice: ${twice}`,
      expected:
        all.length === 2 ? 'two APIs that can be loaded in turn' : 'an instance of its own for each URL',
    });
  }
  return sidesOf(places);
}

/** The duetSides of one API that runs already and stands on both sides. */
export async function sameUrlSides(url: string, allowHosts: readonly string[]): Promise<DuetSides> {
  const place = await placeOf(url, allowHosts);
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

async function placeOf(url: string, allowHosts: readonly string[]): Promise<Place> {
  const target = parseTarget(url);
  return { target, addresses: await resolveTarget(target, { allowHosts }) };
}
