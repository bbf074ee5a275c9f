import { createRequire } from 'node:module';
import { problem } from '../../model/error.ts';
import type { Generator } from '../../model/run/generator.ts';
import { hash } from '../../stats/random.ts';
import { stream } from './streams.ts';

const require = createRequire(import.meta.url);

/** 32 random bits by their number. */
type Bits = (word: number) => number;

/** What a generator makes of random bits. */
type Maker = (bits: Bits) => string;

/** A value takes no more words of random bits. */
const wordsEach = 4;

const makers = new WeakMap<Generator, Maker>();

/** Makes a generator ready; one of a package that is not there, or of a function that does not exist, is a `PlimsollError`. */
export function makerOf(generator: Generator): Maker {
  const maker = makers.get(generator) ?? compiled(generator);
  makers.set(generator, maker);
  return maker;
}

/** The value of a generator at a hole of a request, which a step of a journey makes: the same whenever it is asked. */
export function generated(generator: Generator, seed: number, hole: number, request: number): string {
  const first = stream.generators + wordsEach * hole;
  return makerOf(generator)(word => hash(seed, first + word, request));
}

function compiled(generator: Generator): Maker {
  switch (generator.name) {
    case 'uuid':
      return uuid;
    case 'int': {
      const { least, most } = generator;
      return bits => String(least + Math.floor(fraction(bits, 0) * (most - least + 1)));
    }
    case 'zipf':
      return zipf(generator.least, generator.most, generator.exponent);
    case 'normal': {
      const { mean, deviation, decimals } = generator;
      // Box and Muller (1958).
      return bits => {
        const radius = Math.sqrt(-2 * Math.log(1 - fraction(bits, 0)));
        const value = mean + deviation * radius * Math.cos(2 * Math.PI * fraction(bits, 2));
        return value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1');
      };
    }
    case 'now':
      return () => moment(generator);
    case 'faker':
      return faked(generator.method);
  }
}

/** A number in [0, 1) with 53 bits of resolution, of two words. */
function fraction(bits: Bits, word: number): number {
  return ((bits(word) >>> 5) * 67_108_864 + (bits(word + 1) >>> 6)) / 9_007_199_254_740_992;
}

function uuid(bits: Bits): string {
  const digits = [0, 1, 2, 3].map(word => bits(word).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[Number.parseInt(digits[16] ?? '0', 16) & 3];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/** By a table of the chances of each number and those before it. */
function zipf(least: number, most: number, exponent: number): Maker {
  const upTo = new Float64Array(most - least + 1);
  let sum = 0;
  for (let rank = 0; rank < upTo.length; rank += 1) {
    sum += (rank + 1) ** -exponent;
    upTo[rank] = sum;
  }
  return bits => {
    const drawn = fraction(bits, 0) * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((upTo[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return String(least + low);
  };
}

function moment({ format, offsetMs }: Extract<Generator, { readonly name: 'now' }>): string {
  const at = Date.now() + offsetMs;
  if (format === 'iso') return new Date(at).toISOString();
  return String(format === 'unix' ? Math.floor(at / 1_000) : at);
}

/** What of @faker-js/faker is used. */
interface Faker {
  seed(seed: number): void;
  setDefaultRefDate(date: Date): void;
}

/** Dates that are made up lie around this one, or a seed would not give the same ones tomorrow. */
const dates = new Date('2026-01-01T00:00:00Z');

function faked(method: string): Maker {
  const faker = loadFaker();
  const [module = '', name = ''] = method.split('.');
  const functions = (faker as unknown as { readonly [module: string]: { readonly [name: string]: unknown } })[
    module
  ];
  const found = typeof functions === 'object' ? functions[name] : undefined;
  const refuse = (what: string) =>
    problem('template.invalid-generator', {
      found: `{{faker ${method}}}, ${what}`,
      expected: 'a function of @faker-js/faker that answers a text or a number, such as person.fullName',
    });
  if (typeof found !== 'function' || name === 'constructor') {
    throw refuse('which @faker-js/faker does not have');
  }
  const make = (seed: number): unknown => {
    faker.seed(seed);
    return found.call(functions);
  };
  faker.setDefaultRefDate(dates);
  let sample: unknown;
  try {
    sample = make(1);
  } catch {
    throw refuse('which needs arguments');
  }
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof sample))
    throw refuse(`which answers ${typeof sample}`);
  return bits => String(make(bits(0)));
}

function loadFaker(): Faker {
  try {
    return (require('@faker-js/faker') as { readonly faker: Faker }).faker;
  } catch (cause) {
    throw problem(
      'package.not-installed',
      {
        found: 'no package @faker-js/faker beside Plimsoll',
        expected: '@faker-js/faker, which makes up names and e-mails and does not come with Plimsoll',
        instead: 'npm install --save-dev @faker-js/faker',
      },
      { cause },
    );
  }
}
