import type { z } from 'zod';
import type { Serve } from '../../model/run/scenario.ts';
import { millis } from '../../model/units.ts';
import { duration } from '../grammar/quantity-kind.ts';
import type { RequestText } from '../grammar/quantity-text.ts';
import { parseRequestLine, type RequestLine } from '../grammar/request-line.ts';
import { plainText, quantity, section, text } from './field.ts';

/** How an API is made and started, as a scenario and the settings write it. */
export const serveSchema = section(
  {
    install: plainText('a command', {
      description:
        'Installs what a commit needs, before its build. Run only where Plimsoll checks out the commit itself, as plimsoll duet does.',
      examples: ['npm ci'],
    }).optional(),
    build: plainText('a command', {
      description:
        'Builds a commit, after its install. Run only where Plimsoll checks out the commit itself, as plimsoll duet does.',
      examples: ['npm run build'],
    }).optional(),
    start: plainText('a command', {
      description: 'Starts the API, in the working folder; Plimsoll stops it after the run.',
      examples: ['npm start'],
    }),
    ready: text<RequestLine, RequestText>(
      'a method and a path, such as GET /health',
      { description: 'The API is ready when it answers this with any 2xx.', examples: ['GET /health'] },
      parseRequestLine,
    ),
    timeout: quantity(duration, 'aboveZero', {
      description: 'How long it may take to get ready. Default: 30s.',
      examples: ['30s'],
    }).default(millis(30_000)),
  },
  { description: 'How Plimsoll starts the API itself; leave it out for an API that already runs.' },
);

/** What was written, with every command that was left out as null. */
export function serveOf(written: z.output<typeof serveSchema>): Omit<Serve, 'directory'> {
  const { install = null, build = null, start, ready, timeout } = written;
  return { install, build, start, ready, timeout };
}
