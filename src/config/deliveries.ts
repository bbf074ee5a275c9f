import * as z from 'zod';
import { problem } from '../model/error.ts';
import { choice, mapOf, plainTextField, sectionField, textField } from './schema/field.ts';

/** Who can be told of a run. */
export const receivers = ['slack', 'teams', 'webhook', 'pushgateway', 'otlp'] as const;

/** When somebody is told: where the exit code is not 0, where the verdict is another than before, or always. */
export const occasions = ['fail', 'change', 'always'] as const;

/** A delivery as the settings say it; variables in `url` and `headers` are filled in when it is opened. */
export interface DeliverySettings {
  readonly to: (typeof receivers)[number];
  readonly url?: string | undefined;
  readonly when?: (typeof occasions)[number] | undefined;
  /** Of a push gateway. */
  readonly job?: string | undefined;
  readonly labels?: { readonly [label: string]: string } | undefined;
  readonly headers?: { readonly [name: string]: string } | undefined;
}

/** The labels that a push gateway gets from Plimsoll itself. */
const ownLabels = new Set([
  'job',
  'scenario',
  'scope',
  'endpoint',
  'statistic',
  'metric',
  'unit',
  'kind',
  'verdict',
  'signal',
]);

const labelName = textField('the name of a label', { description: 'The name of a label.' }, name => {
  if (/^[a-zA-Z][a-zA-Z0-9_]{0,60}$/.test(name) && !ownLabels.has(name)) return name;
  throw problem('value.invalid', {
    expected: `letters, digits and underscores, and none of ${[...ownLabels].join(', ')}`,
  });
});

const headerName = textField('the name of a header', { description: 'The name of a header.' }, name => {
  if (/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return name;
  throw problem('value.invalid', { expected: 'the name of a header' });
});

const text = (expected: string, description: string) => plainTextField(expected, { description });

/** Who is told of runs and duets. */
export const deliveriesField = z.array(
  sectionField(
    {
      to: choice(receivers, { description: 'Who is told.' }),
      url: text(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself is shown
        'a URL, or a variable such as ${SLACK_WEBHOOK}',
        'Where it goes. Not delivered if a variable in it is not set.',
      ).optional(),
      when: choice(occasions, { description: 'Default: fail for messages, always for metrics.' }).optional(),
      job: text('the name of a job', 'The job of a push gateway. Default: plimsoll.').optional(),
      labels: mapOf(
        labelName as z.ZodType<string>,
        text('the value of a label', 'Its value.'),
        'a map of labels',
        { description: 'Labels of a push gateway by which runs are kept apart.' },
      ).optional(),
      headers: mapOf(
        headerName as z.ZodType<string>,
        text('the value of a header', 'Its value.'),
        'a map of headers',
        { description: 'Headers that are sent along.' },
      ).optional(),
    },
    { description: 'One receiver.' },
  ),
  { error: `a list of maps, such as { "to": "slack", "url": "\${SLACK_WEBHOOK}" }` },
);
