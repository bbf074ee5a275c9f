import * as z from 'zod';
import type { StreamRule } from '../../model/run/scenario.ts';
import type { CacheRule } from '../../model/run/signal.ts';
import { millis } from '../../model/units.ts';
import { parseJsonPath } from '../grammar/json-path.ts';
import { durationKind } from '../grammar/quantity-kind.ts';
import { choice, quantityField, sectionField, textField, trueOrFalse, unexpected } from './field.ts';

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

const formats = ['sse', 'jsonLines', 'openai'] as const;

const format = choice(formats, {
  description:
    'sse: server-sent events. jsonLines: a JSON value in each line. openai: server-sent events as OpenAI and its likes send them, where the first event is the first with content, and the last is [DONE].',
});

const hour = millis(3_600_000);

const wait = (description: string, example: string) =>
  quantityField({ ...durationKind, maximum: hour }, 'aboveZero', { description, examples: [example] });

const fullStream = sectionField(
  {
    format,
    first: textField(
      'a path such as $.delta.text',
      {
        description:
          'A JSONPath: the first event that has something there, and not only an empty text or list, counts as the first. Default: any event.',
        examples: ["$.choices[*].delta['content','tool_calls']"],
      },
      parseJsonPath,
    ).optional(),
    end: textField(
      'the text of the last event, such as [DONE], or a path such as $.done',
      {
        description:
          'The event without which the stream is broken: its text, or a JSONPath where it has something.',
        examples: ['[DONE]', '$.done'],
      },
      readEnd,
    ).optional(),
    idle: wait('The longest wait for an event. Default: the timeout alone.', '5s').optional(),
    listen: wait(
      'Leaves the stream after this time, for one that never ends. Default: reads to its end.',
      '20s',
    ).optional(),
  },
  { description: 'How the answer is read event by event.' },
  {
    done: 'end',
    until: 'end',
    terminal: 'end',
    for: 'listen',
    duration: 'listen',
    timeout: 'idle, or the timeout of the step',
    type: 'format',
  },
);

/** The content of OpenAI's chat completions and completions, and of those who follow them. */
const openai = {
  first: parseJsonPath(
    "$.choices[*]..['content','reasoning_content','reasoning','refusal','text','tool_calls']",
  ),
  end: { text: '[DONE]' },
} as const;

/** A streamed answer. */
export const streamField = z
  .union([format, fullStream], {
    error: `${formats.join(', ')}; or a map with format, first, end, idle and listen`,
  })
  .transform((written): StreamRule => {
    const full: z.output<typeof fullStream> = typeof written === 'string' ? { format: written } : written;
    const usual = full.format === 'openai' ? openai : { first: null, end: null };
    const { first = usual.first, end = usual.end, idle = null, listen = null } = full;
    return { format: full.format === 'openai' ? 'sse' : full.format, first, end, idle, listen };
  })
  .meta({
    description:
      'Reads the answer event by event: time to the first event, gaps, events per second, and whether it comes whole.',
    examples: ['sse', 'openai', { format: 'sse', end: '[DONE]', idle: '5s' }],
  });

/** A text that begins with `$` is a path: nobody ends a stream with one. */
function readEnd(written: string): NonNullable<StreamRule['end']> {
  return written.startsWith('$') ? parseJsonPath(written) : { text: written };
}
