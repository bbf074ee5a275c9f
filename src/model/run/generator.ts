/** What generates a value for a template. */
export type Generator =
  | { readonly name: 'uuid' }
  /** A whole number of a range, each as likely as any other. */
  | { readonly name: 'int'; readonly least: number; readonly most: number }
  /** A whole number of a range, of which the n-th is drawn n^-exponent as often as the first. */
  | { readonly name: 'zipf'; readonly least: number; readonly most: number; readonly exponent: number }
  | {
      readonly name: 'normal';
      readonly mean: number;
      readonly deviation: number;
      /** So many decimals are written. */
      readonly decimals: number;
    }
  /** The moment at which the request is written, and so much later. */
  | { readonly name: 'now'; readonly format: 'iso' | 'unix' | 'unixMs'; readonly offsetMs: number }
  /** What a function of @faker-js/faker answers. */
  | { readonly name: 'faker'; readonly method: string };

/** The names of all generators, with the words that may follow. */
export const generatorUses: { readonly [name in Generator['name']]: string } = {
  uuid: 'uuid',
  int: 'int 1 1000',
  zipf: 'zipf 1 1000 1.1',
  normal: 'normal 100 15',
  now: 'now iso +1h',
  faker: 'faker internet.email',
};

/** Whether its values are numbers, which JSON writes without quotes. */
export function isNumeric(generator: Generator): boolean {
  if (generator.name === 'now') return generator.format !== 'iso';
  return ['int', 'zipf', 'normal'].includes(generator.name);
}
