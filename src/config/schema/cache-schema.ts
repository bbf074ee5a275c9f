import * as z from 'zod';
import type { CacheRule } from '../../model/run/signal.ts';
import { sectionField, textField, trueOrFalse, unexpected } from './field.ts';

const ownHeader = sectionField(
  {
    header: textField(
      'the name of a header, such as x-cache',
      { description: 'The header that tells whether an answer came from a cache.', examples: ['x-cache'] },
      readHeaderName,
    ),
    hit: textField(
      'text that the header holds at a hit, such as HIT',
      {
        description:
          'What the header holds at a hit, in any case. Begin it with ^ or end it with $ to bind it to the start or the end.',
        examples: ['HIT', '^hit'],
      },
      readHit,
    ),
  },
  { description: 'A header of its own.' },
);

/** Whether answers tell that they came from a cache, and by which header; null where nobody asks. */
export const cacheField = z
  .union(
    [trueOrFalse({ description: 'True reads Cache-Status, CF-Cache-Status, X-Cache or Age.' }), ownHeader],
    { error: 'true; or a map with header and hit, such as { header: x-cache, hit: HIT }' },
  )
  .transform((written): CacheRule | null => {
    if (typeof written === 'boolean') return written ? { by: 'usualHeaders' } : null;
    return { by: 'header', ...written };
  })
  .meta({
    description:
      'Records which answers came from a cache, for the metric cacheHitRatio. Default: false, and no header is read.',
  });

function readHeaderName(name: string): string {
  if (/^[!#$%&'*+.^_`|~\w-]{1,100}$/.test(name)) return name.toLowerCase();
  throw unexpected(name, 'the name of a header, such as x-cache, without a colon');
}

function readHit(hit: string): string {
  if (/^\^?[\x20-\x7e]{1,200}\$?$/.test(hit) && !/^\^?\$?$/.test(hit)) return hit;
  throw unexpected(hit, 'text that the header holds at a hit, such as HIT');
}
