import * as z from 'zod';
import { millis } from '../../model/units.ts';
import type { Range } from '../grammar/quantity.ts';
import { durationKind, rate, shortDuration } from '../grammar/quantity-kind.ts';
import type { RangeText } from '../grammar/quantity-text.ts';
import { choice, field, quantityField, rangeField, sectionField, unexpected, wholeNumber } from './field.ts';

const maxUsers = 100_000;

const stageDuration = quantityField(durationKind, 'aboveZero', {
  description: 'How long the stage lasts.',
  examples: ['30s', '2m'],
});

const warmup = quantityField(durationKind, 'zero', {
  description:
    'Time before the stages, at the starting load of the first one. Reported separately, never judged. Default: 0s.',
  examples: ['5s'],
}).default(millis(0));

const pacing = quantityField(shortDuration, 'zero', {
  description:
    'The minimum time from the start of one journey to the start of the next one of the same user. Default: 0ms.',
  examples: ['1s'],
}).default(millis(0));

const stagger = choice(['spread', 'none'], {
  description:
    'How users start: spread over a moment, and over the pacing where there is one, or all at the same instant (none). Default: spread.',
}).default('spread');

const isClosed = 'users: 50 (a rate belongs to model: open)';
const isOpen = 'rate: 200/s (users belong to model: closed)';
const onlyClosed = 'model: closed, where users set the pace';
const onlyOpen = 'model: open, where arrivals come at a rate';

const model = <Model extends 'open' | 'closed'>(name: Model, description: string) =>
  z
    .literal(name, { error: 'open (journeys start at a rate) or closed (a fixed number of users)' })
    .meta({ description });

const stages = <Stage extends z.ZodType>(stage: Stage) =>
  z
    .array(stage, { error: 'a list of at least one stage' })
    .min(1, { error: 'a list of at least one stage' })
    .meta({ description: 'The parts of the load, one after another.' });

const openSides = sectionField(
  {
    duration: stageDuration,
    rate: rangeField(rate, {
      description: 'Journeys started per second, or a range for a ramp.',
      examples: ['200/s', '200/s..400/s'],
    }),
  },
  { description: 'A stretch of open load.' },
  { users: isOpen },
);

const closedStage = sectionField(
  {
    duration: stageDuration,
    users: field<Range<number>, number | RangeText<`${number}`>>(readUsers, {
      description: 'Concurrent users, or a range for a ramp.',
      examples: [50, '10..50'],
      anyOf: [
        { type: 'integer', minimum: 1, maximum: maxUsers },
        { type: 'string', pattern: '^\\d+(\\.\\.\\d+)?$|\\$\\{' },
      ],
    }),
  },
  { description: 'A stretch of closed load.' },
  { rate: isClosed },
);

const openLoad = sectionField(
  {
    model: model('open', 'Journeys start at a rate, however slow the API is.'),
    warmup,
    arrivals: choice(['constant', 'poisson'], {
      description:
        'constant: evenly spaced arrivals. poisson: random ones, as independent visitors make them. Default: constant.',
    }).default('constant'),
    stages: stages(openSides).check(
      z.refine(list => list.length === 0 || list.some(({ rate: { from, to } }) => from > 0 || to > 0), {
        error: 'a rate above 0/s in at least one stage',
      }),
    ),
  },
  { description: 'An open load: stages of arrival rates.' },
  {
    users: onlyClosed,
    iterations: onlyClosed,
    pacing: onlyClosed,
    stagger: onlyClosed,
    rate: 'inside a stage: stages: [{ duration: 30s, rate: 200/s }]',
  },
);

const closedLoad = sectionField(
  {
    model: model('closed', 'A fixed number of users. Each waits for its answer before the next request.'),
    warmup,
    pacing,
    stagger,
    stages: stages(closedStage),
  },
  { description: 'A closed load: stages of concurrent users.' },
  { rate: onlyOpen, arrivals: onlyOpen, users: 'inside a stage: stages: [{ duration: 30s, users: 50 }]' },
);

/** How long a fixed number of journeys may take where nothing is said of it. */
export const usualMaxDuration = millis(600_000);

const countedLoad = sectionField(
  {
    model: model('closed', 'A fixed number of users. Each waits for its answer before the next request.'),
    warmup,
    pacing,
    stagger,
    users: wholeNumber(1, maxUsers, { description: 'Concurrent users.', examples: [10] }),
    iterations: wholeNumber(1, 1_000_000_000, {
      description: 'The total number of journeys, over all users.',
      examples: [1000],
    }),
    maxDuration: quantityField(durationKind, 'aboveZero', {
      description: 'The run ends after this time, even if journeys are left. Default: 10m.',
      examples: ['2m'],
    }).default(usualMaxDuration),
  },
  { description: 'A closed load of a fixed number of journeys.' },
  { rate: onlyOpen, arrivals: onlyOpen, stages: 'either stages, or users with iterations' },
);

/** How the load is applied: open stages, closed stages, or a fixed count. */
export const loadSchema = z
  .union([openLoad, closedLoad, countedLoad], {
    error: 'a map such as { model: open, stages: [{ duration: 30s, rate: 200/s }] }',
  })
  .meta({ description: 'How the load is applied.' });

/** Reads `50` or `10..50`. */
function readUsers(value: unknown): Range<number> {
  const [, from, to = from] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(String(value)) ?? [];
  const users = { from: Number(from), to: Number(to) };
  const most = Math.max(users.from, users.to);
  if (from !== undefined && typeof value !== 'object' && most >= 1 && most <= maxUsers) return users;
  throw unexpected(value, `a whole number of users from 1 to ${maxUsers}, or a range such as 10..50`);
}
