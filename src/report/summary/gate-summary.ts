import * as z from 'zod';
import type { GateChange, GateReport } from '../../model/gate.ts';
import { gateChange } from '../words/reasons/gate-change.ts';

/** The base whose gate judges, in a summary. */
export const gateSummary = z
  .strictObject({
    name: z.string().describe('The branch or commit that was named, such as main.'),
    commit: z.string(),
    overruled: z
      .array(z.string())
      .describe(
        'What this checkout says differently about how it is judged. It counts only where it asks for more.',
      ),
    listed: z
      .array(z.string())
      .describe('What this checkout measures differently. Only a review can judge that.'),
  })
  .nullable()
  .describe('The base whose gate judges. Null if the checkout is judged by its own.');

/** By whose gate something was judged, in a summary. */
export function gateIn(gate: GateReport | undefined): z.output<typeof gateSummary> {
  if (gate === undefined) return null;
  const { base, changes } = gate;
  const of = (stands: GateChange['stands']) =>
    changes.filter(change => change.stands === stands).map(change => gateChange(change, base));
  return { ...base, overruled: of('base'), listed: of('head') };
}
