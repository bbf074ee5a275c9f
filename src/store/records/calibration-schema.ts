import * as z from 'zod';
import type { Calibration } from '../../model/duet/calibration.ts';
import { contestantSchema, duetHeaderSchema, layoutSchema, restartSchema } from './duet-schema.ts';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

const rule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.enum(['scale', 'tail']), factor: z.number().positive() }),
]);

const rate = z
  .object({ hits: count, of: count, low: share, high: share })
  .refine(({ hits, of }) => hits <= of, 'no more hits than there could be');

const alarms = z
  .object({ duets: count, accused: count, upper: share })
  .refine(({ duets, accused }) => accused <= duets, 'no more accused than there are duets');

const shift = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable();

const power = z.object({
  rule,
  shifts: z.array(z.object({ endpoint: z.string(), p50: shift, p95: shift })),
  looks: z.array(
    z.object({
      restarts: count,
      loadMs: amount,
      caught: rate,
      accused: rate,
      warned: rate,
      passed: rate,
      open: rate,
    }),
  ),
  endpoints: z.array(z.object({ endpoint: z.string(), caught: rate })),
  cautious: rate,
  meanLoadMs: amount,
});

const findings = z.object({
  spreads: z.array(
    z.object({
      endpoint: z.string(),
      metric: z.enum(['p50', 'p95']),
      starts: count,
      value: amount,
      upper: amount,
      within: amount.nullable(),
    }),
  ),
  startSpread: z.object({ value: amount, upper: amount, starts: count }).nullable(),
  falseAlarms: z.object({ real: alarms, simulated: alarms }),
  power: z.array(power),
});

/** A calibration, as zod reads it. */
export const calibrationSchema = z.object({
  schemaVersion: z.literal(2),
  header: duetHeaderSchema,
  contestant: contestantSchema,
  layout: layoutSchema,
  looks: z.array(z.object({ restarts: z.int().positive(), spend: share, boundTail: share })),
  policy: z.object({
    tolerance: amount,
    floor: amount,
    stored: z.object({ tolerance: amount, floorMs: amount }),
  }),
  restarts: z.array(
    z.object({
      number: z.int().positive(),
      delayed: z.enum(['base', 'head']),
      phases: z.array(z.object({ rule, restart: restartSchema })),
    }),
  ),
  findings,
});

type Unchanging<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [Key in keyof T]: Unchanging<T[Key]> };

type StoredCalibration = Unchanging<z.output<typeof calibrationSchema>>;

// Each constraint fails to compile where schema and model drift apart.
type Extends<Part extends Whole, Whole> = Part;
/** The calibration, proven to be both what the schema reads and what the model says. */
export type CheckedCalibration = Extends<StoredCalibration, Calibration> &
  Extends<Omit<Calibration, 'newer'>, StoredCalibration>;
