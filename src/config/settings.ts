import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { PlimsollError, problem } from '../model/error.ts';
import type { Serve } from '../model/run/scenario.ts';
import { type DeliverySettings, deliveriesField } from './deliveries.ts';
import { rate } from './grammar/quantity-kind.ts';
import {
  choice,
  plainTextField,
  quantityField,
  schemaReference,
  sectionField,
  textField,
} from './schema/field.ts';
import { problemsFromZod } from './schema/problem-from-zod.ts';
import { serveOf, serveSchema } from './schema/serve-schema.ts';
import { readDocument } from './source/document.ts';
import type { SourceDocument } from './source/place.ts';

/** The settings file, looked for in the working folder. */
export const settingsFile = 'plimsoll.config.json';

/** What holds for every command in a folder. */
export interface Settings {
  /** Hosts beyond loopback and private addresses that may be loaded: exact names, or `*.example.com`. */
  readonly allowHosts: readonly string[];
  /** Hosts that are in production, where methods that change something need a word more. */
  readonly production?: readonly string[] | undefined;
  /** The most requests per second that any command may send. */
  readonly maxRate?: number | undefined;
  /** The budgets file, relative to the working folder. */
  readonly budgets?: string | undefined;
  /** The folder for reports, relative to the working folder. */
  readonly out?: string | undefined;
  /** Report files besides the usual ones, each as `FORMAT` or `FORMAT=FILE`. */
  readonly reports?: readonly string[] | undefined;
  /** Who is told of runs and duets. */
  readonly deliver?: readonly DeliverySettings[] | undefined;
  /** Where baselines are kept: a folder, or a branch of the repository. */
  readonly store?: 'dir' | 'git' | undefined;
  /** The branch that changes are meant for. */
  readonly targetBranch?: string | undefined;
  /** Whose gate judges a pull request: `base`, `head`, or a commit, branch or tag. */
  readonly gate?: { readonly from: string } | undefined;
  /**
   * How a commit is built and served where a scenario does not say it; for commands that check out commits alone. `${VAR}` in
   * its commands is left to the shell.
   */
  readonly serve?: Omit<Serve, 'directory'> | undefined;
}

const hosts = z.array(
  textField('a host name such as staging.example.com or *.example.com', { description: 'A host.' }, host =>
    readHost(host),
  ),
  { error: 'a list of host names' },
);

const settingsSchema = sectionField(
  {
    $schema: schemaReference,
    allowHosts: hosts.default([]),
    production: hosts.optional(),
    maxRate: quantityField(rate, 'aboveZero', {
      description: 'The most requests per second that any command may send.',
    }).optional(),
    budgets: plainTextField('the path of a budgets file', { description: 'The budgets file.' }).optional(),
    out: plainTextField('the path of a folder', { description: 'The folder for reports.' }).optional(),
    reports: z
      .array(
        plainTextField('a format, or FORMAT=FILE', {
          description: 'Such as junit, or junit=reports/junit.xml.',
        }),
        {
          error: 'a list of formats',
        },
      )
      .optional(),
    deliver: deliveriesField.optional(),
    store: choice(['dir', 'git'], { description: 'Where baselines are kept.' }).optional(),
    targetBranch: plainTextField('the name of a branch, such as main', {
      description: 'The branch that changes are meant for.',
    }).optional(),
    gate: sectionField(
      {
        from: plainTextField('base, head, or a commit, branch or tag', {
          description:
            'Whose budgets and settings judge a pull request: those of its base, or its own (head). Default: head; base in the GitHub Action.',
        }),
      },
      { description: 'Whose gate judges a pull request.' },
    ).optional(),
    serve: serveSchema.transform(serveOf).optional(),
  },
  { description: 'Settings for a folder.' },
);

/** Reads `plimsoll.config.json`; the defaults where there is none. */
export async function readSettings(cwd: string): Promise<Settings> {
  const exists = await access(join(cwd, settingsFile)).then(
    () => true,
    () => false,
  );
  if (!exists) return { allowHosts: [] };
  return settingsIn(await readDocument(settingsFile, cwd));
}

/** The settings in a document. Throws a `PlimsollError` of everything that is wrong with it. */
export function settingsIn(document: SourceDocument): Settings {
  const result = settingsSchema.safeParse(document.value ?? {});
  if (result.success) {
    const { $schema: _, ...settings } = result.data;
    return settings;
  }
  throw new PlimsollError(problemsFromZod(result.error, document).map(({ path: _path, ...told }) => told));
}

/** A host without scheme, port and path; a bare star would allow every typo. Throws `settings.invalid-host`. */
export function readHost(host: string, where?: string): string {
  if (/^(?:\*\.)?[^\s/:*]+$/.test(host) || /^\[?[0-9a-f:.]*:[0-9a-f:.]*\]?$/i.test(host)) return host;
  const meant = /^[a-z]+:\/\/([^/:]+)/i.exec(host)?.[1] ?? /^([^/:*\s]+)[/:]/.exec(host)?.[1];
  throw problem('settings.invalid-host', {
    ...(where === undefined ? {} : { where, found: JSON.stringify(host) }),
    expected: 'a host name without scheme and port, such as staging.example.com or *.example.com',
    ...(meant === undefined ? {} : { instead: meant }),
  });
}
