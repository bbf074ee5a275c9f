import { hash } from '../../stats/random.ts';

/** A seed that depends on a text alone. */
export function seedOf(text: string): number {
  let seed = 0;
  for (let index = 0; index < text.length; index += 1) seed = hash(seed, 1, text.charCodeAt(index));
  return seed;
}
