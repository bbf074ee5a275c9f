import { type Measured, measuredOf } from '../../analysis/measured.ts';
import type { Scope } from '../../model/judgement/budget.ts';
import type { RunRecord } from '../../model/run/record.ts';

/** The figures of a record: of all requests, or of one stage or endpoint; warm-up apart. */
export function figures({ measurement }: RunRecord, scope: Scope = { kind: 'total' }): Measured {
  return measuredOf(measurement, scope);
}
