import type * as z from 'zod';
import type { Serve } from '../../model/run/scenario.ts';
import { millis } from '../../model/units.ts';
import { durationKind } from '../grammar/quantity-kind.ts';
import type { RequestText } from '../grammar/quantity-text.ts';
import { parseRequestLine, type RequestLine } from '../grammar/request-line.ts';
import { plainTextField, quantityField, sectionField, textField } from './field.ts';

/** How an API is made and started, as a scenario and the settings write it. */
export const serveSchema = sectionField(
  {
    install: plainTextField('a command', {
      description:
        'Installs the dependencies of a commit. Used only by commands that check out commits, such as plimsoll duet.',
      examples: ['npm ci'],
    }).optional(),
    build: plainTextField('a command', {
      description:
        'Builds a commit, after install. Used only by commands that check out commits, such as plimsoll duet.',
      examples: ['npm run build'],
    }).optional(),
    start: plainTextField('a command', {
      description:
        'Starts the API in the working folder, with HOST and PORT of the target. Plimsoll stops it after the run.',
      examples: ['npm start'],
    }),
    ready: textField<RequestLine, RequestText>(
      'a method and a path, such as GET /health',
      { description: 'The API is ready once it answers this request with a 2xx.', examples: ['GET /health'] },
      parseRequestLine,
    ),
    timeout: quantityField(durationKind, 'aboveZero', {
      description: 'How long the API may take to become ready. Default: 30s.',
      examples: ['30s'],
    }).default(millis(30_000)),
  },
  { description: 'How Plimsoll starts the API. Leave it out if the API already runs.' },
);

/** What was written, with every command that was left out as null. */
export function serveOf(written: z.output<typeof serveSchema>): Omit<Serve, 'directory'> {
  const { install = null, build = null, start, ready, timeout } = written;
  return { install, build, start, ready, timeout };
}
