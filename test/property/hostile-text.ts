import fc from '../seeded.ts';

/** What has power over a terminal, a log, a table, a page, an object or a path. */
const powers = [
  ...[
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '\r',
    '\n',
    '\u0000',
    '\u0085',
    '\u2028',
    '\u202e',
    '\u2066',
    '\ud800',
  ],
  ...[
    '::error::x',
    '##[group]x',
    '\n::stop-commands::x',
    '| a | b |',
    '`'.repeat(3),
    '</details>',
    '<script>',
    '@all',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '-rf',
    '$HOME',
    '{{a.b}}',
    '%00',
    '=1+1',
    '"',
    ',',
  ],
];

/** A text by somebody who wishes no good: any characters, and those that have power somewhere. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...powers), fc.string({ unit: 'binary', maxLength: 12 }), longOnes()), {
    maxLength: 4,
  })
  .map(parts => parts.join(''));

function longOnes() {
  return fc
    .tuple(fc.constantFrom('a', ' ', '\n', '<', '%', '\\', '(', '議'), fc.constantFrom(100, 5_000))
    .map(([unit, count]) => unit.repeat(count));
}

/** A value of JSON by the same person. */
export const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom(
    null,
    true,
    -1,
    0,
    0.5,
    1e308,
    -0,
    2 ** 53,
    [],
    {},
    [[[[]]]],
    'HIST',
    '1s',
    '9'.repeat(400),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A place in a value, as numbers that are taken modulo the number of members, and what comes there. */
export const damages = fc.array(
  fc.record({
    place: fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 8 }),
    by: fc.oneof(
      hostileValue.map(value => ({ kind: 'value' as const, value })),
      fc.constant({ kind: 'gone' as const }),
      hostileText.map(name => ({ kind: 'added' as const, name })),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

type Damage = typeof damages extends fc.Arbitrary<(infer One)[]> ? One : never;

/** A copy of a JSON value with each damage done to it. */
export function damaged(value: unknown, all: readonly Damage[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const { place, by } of all) {
    let inner = copy as Record<string, unknown>;
    for (const [depth, number] of place.entries()) {
      const keys = Object.keys(inner);
      const key = keys[number % Math.max(1, keys.length)];
      const next = key === undefined ? undefined : inner[key];
      if (key === undefined) break;
      if (depth < place.length - 1 && typeof next === 'object' && next !== null) {
        inner = next as Record<string, unknown>;
        continue;
      }
      if (by.kind === 'value') inner[key] = by.value;
      else if (by.kind === 'gone') delete inner[key];
      else if (!Array.isArray(inner)) {
        Object.defineProperty(inner, by.name, {
          value: next,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      break;
    }
  }
  return copy;
}

/** What no text for a person may hold: characters that move the cursor or turn the reading direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
