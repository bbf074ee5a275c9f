import type { StreamRule } from '../../../model/run/scenario.ts';
import type { Millis } from '../../../model/units.ts';
import { formatQuantity } from '../../grammar/quantity.ts';
import { durationKind } from '../../grammar/quantity-kind.ts';
import type { Diagnostics } from '../../source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument } from '../../source/place.ts';

/** A stream that is read, or waited for, for longer than its request may take would always time out. */
export function refuseLongStream(
  { stream }: { readonly stream?: StreamRule | undefined },
  timeout: Millis,
  place: Path,
  { document, diagnostics }: { readonly document: SourceDocument; readonly diagnostics: Diagnostics },
): void {
  for (const key of ['idle', 'listen'] as const) {
    const time = stream?.[key] ?? null;
    if (time === null || time < timeout) continue;
    diagnostics.add({
      code: 'value.out-of-range',
      where: placeOf(document, [...place, 'stream', key]),
      found: formatQuantity(durationKind, time),
      expected: `less than the timeout of the request, ${formatQuantity(durationKind, timeout)}`,
      instead: 'a shorter time, or a longer timeout beside stream',
    });
  }
}
