import { z } from 'zod';
import { type RegressionPolicy, usualRegression as usual } from '../../model/judgement/regression-policy.ts';
import { millis, ratio } from '../../model/units.ts';
import { formatQuantity } from '../grammar/quantity.ts';
import { percentage, shortDuration } from '../grammar/quantity-kind.ts';
import { choice, quantity, section } from './field.ts';

/** What the budgets file says of regression. */
export const regressionSchema = section(
  {
    tolerance: quantity(percentage, 'aboveZero', {
      description:
        'The change for the worse that is tolerated: an established one that may be greater fails.',
    }).prefault(formatQuantity(percentage, ratio(usual.tolerance))),
    floor: quantity(percentage, 'zero', {
      description: 'The least change that is called one. Default: 3%, or half the tolerance if that is less.',
    }).optional(),
    stored: section(
      {
        tolerance: quantity(percentage, 'aboveZero', {
          description: 'The relative change past which a run fails.',
        }).prefault(formatQuantity(percentage, ratio(usual.stored.tolerance))),
        floor: quantity(shortDuration, 'zero', {
          description: 'The time by which it must be slower as well.',
        }).prefault(formatQuantity(shortDuration, millis(usual.stored.floorMs))),
      },
      { description: 'The bar where one to seven runs are stored; a change must exceed both.' },
    ).prefault({}),
    onInconclusive: choice(['warn', 'fail'], {
      description: 'What becomes of a run whose evidence is too thin for a verdict. Default: warn.',
    }).default('warn'),
  },
  { description: 'How runs are held against earlier ones.' },
).check(
  z.refine(({ tolerance, floor }) => floor === undefined || floor < tolerance, {
    path: ['floor'],
    error: 'less than regression.tolerance, the greatest change that is tolerated',
  }),
);

/** The policy that was written, with the defaults where nothing was. */
export function regressionPolicy({
  tolerance,
  floor,
  stored,
}: z.output<typeof regressionSchema>): RegressionPolicy {
  return {
    tolerance,
    floor: floor ?? Math.min(usual.floor, tolerance / 2),
    stored: { tolerance: stored.tolerance, floorMs: stored.floor },
  };
}
