import { parseTarget } from '../../config/grammar/target-url.ts';
import type { OfBoth } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import { resolveTarget } from '../../safety/target.ts';
import type { DuetSides, Place } from './duet-sides.ts';

/** The duetSides of two APIs that run already: they cannot be started afresh, so that rounds are the restarts. */
export async function urlSides(urls: OfBoth<string>, allowHosts: readonly string[]): Promise<DuetSides> {
  const places = { base: await placeOf(urls.base, allowHosts), head: await placeOf(urls.head, allowHosts) };
  if (places.base.target.url === places.head.target.url) {
    throw problem('duet.same-side', {
      where: '--base, --head',
      found: `the same URL twice: ${places.base.target.url}`,
      expected: 'two APIs that can be loaded in turn',
    });
  }
  return stageOf(places);
}

/** The duetSides of one API that runs already and stands on both sides. */
export async function sameUrlSides(url: string, allowHosts: readonly string[]): Promise<DuetSides> {
  const place = await placeOf(url, allowHosts);
  return stageOf({ base: place, head: place });
}

function stageOf(places: OfBoth<Place>): DuetSides {
  const running = { places, cpuUs: () => null, ended: () => null, close: async () => {} };
  return {
    contestants: {
      base: { kind: 'url', url: places.base.target.url },
      head: { kind: 'url', url: places.head.target.url },
    },
    repeat: 'round',
    notes: () => [],
    open: async () => running,
    close: async () => {},
  };
}

async function placeOf(url: string, allowHosts: readonly string[]): Promise<Place> {
  const target = parseTarget(url);
  return { target, addresses: await resolveTarget(target, { allowHosts }) };
}
