import * as z from 'zod';
import {
  type RegressionPolicy,
  usualRegression as usual,
} from '../../../model/judgement/regression-policy.ts';
import { millis, ratio } from '../../../model/units.ts';
import { formatQuantity } from '../../grammar/quantity.ts';
import { percentage, shortDuration } from '../../grammar/quantity-kind.ts';
import { choice, quantityField, sectionField, trueOrFalse } from '../field.ts';

/** What the budgets file says of regression. */
export const regressionSchema = sectionField(
  {
    tolerance: quantityField(percentage, 'aboveZero', {
      description:
        'The change for the worse that you accept. An established regression that may be larger fails. Default: 10%.',
    }).prefault(formatQuantity(percentage, ratio(usual.tolerance))),
    floor: quantityField(percentage, 'zero', {
      description:
        'The smallest change that counts as one. Default: 3%, or half the tolerance if that is less.',
    }).optional(),
    stored: sectionField(
      {
        tolerance: quantityField(percentage, 'aboveZero', {
          description: 'A run fails if it is slower by more than this share. Default: 25%.',
        }).prefault(formatQuantity(percentage, ratio(usual.stored.tolerance))),
        floor: quantityField(shortDuration, 'zero', {
          description: 'A run fails only if it is also slower by more than this time. Default: 2ms.',
        }).prefault(formatQuantity(shortDuration, millis(usual.stored.floorMs))),
      },
      { description: 'The limits if one to seven runs are stored. A change must exceed both to fail.' },
    ).prefault({}),
    onInconclusive: choice(['warn', 'fail'], {
      description:
        'What to do if there is too little evidence for a verdict: warn exits with 0, fail with 4. Default: warn.',
    }).default('warn'),
    requireBaseline: trueOrFalse({
      description: 'If true, a run fails unless it was compared with an earlier one. Default: false.',
    }).default(false),
  },
  { description: 'How runs are compared with earlier ones.' },
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
