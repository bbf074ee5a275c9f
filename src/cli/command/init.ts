import type { CommandModule } from 'yargs';
import {
  counted,
  type ExitCode,
  type ImportSource,
  type Initiated,
  type InitWords,
  initProject,
  problem,
} from '../../app.ts';
import type { Session } from '../streams/session.ts';
import { askForProject } from '../terminal/init-questions.ts';

/** What a user says of a new scenario. */
interface InitFlags extends InitWords {
  readonly url: readonly string[] | undefined;
  readonly '--'?: readonly string[] | undefined;
  readonly curl: readonly string[] | undefined;
  readonly openapi: string | undefined;
  readonly writes: boolean;
  readonly workflow: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** The files that a scenario can be made from, each by the flag that is its kind. */
const files = {
  har: 'A HAR file, as browsers save it',
  postman: 'A Postman collection, version 2.1',
  artillery: 'An Artillery script',
  k6: 'A script of k6, in JavaScript or TypeScript',
  'access-log': 'An access log of nginx, Apache, Caddy or an AWS load balancer',
} as const;

type FileKind = keyof typeof files;
type FileFlags = { readonly [kind in FileKind]?: string | undefined };

const text = { type: 'string', requiresArg: true } as const;

/** `plimsoll init`. */
export function initCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, InitFlags & FileFlags> {
  return {
    command: 'init [url..]',
    describe: 'Write a scenario, budgets and a GitHub workflow, from URLs or from what you have',
    builder: argv =>
      argv
        .positional('url', { type: 'string', array: true, describe: 'URLs that the scenario requests' })
        .options({
          curl: {
            type: 'string',
            array: true,
            nargs: 1,
            describe: "A curl command in quotes: 'curl …'; repeatable",
          },
          openapi: {
            ...text,
            describe: 'An OpenAPI description (2.0 to 3.2), or an Arazzo file: a file or a URL',
          },
          ...Object.fromEntries(
            Object.entries(files).map(([kind, describe]) => [kind, { ...text, describe }]),
          ),
          writes: {
            type: 'boolean',
            default: false,
            describe: 'Import requests that may change data too: all but GET, HEAD and OPTIONS',
          },
          name: { ...text, describe: 'Name of the scenario' },
          target: { ...text, describe: 'Origin to load, such as http://127.0.0.1:3000' },
          start: { ...text, describe: 'Command that starts the API, such as "npm start"' },
          ready: {
            ...text,
            describe: 'Request that the API answers when it is ready, such as "GET /health"',
          },
          rate: { ...text, describe: 'Journeys per second [default: 10/s, or what the source says]' },
          duration: { ...text, describe: 'Length of a stage [default: 40s, or what the source says]' },
          workflow: { type: 'boolean', default: true, describe: 'Write .github/workflows/perf.yml' },
          force: { type: 'boolean', default: false, describe: 'Replace a scenario of that name' },
          quiet: { type: 'boolean', default: false, describe: 'Print only what was left out' },
        })
        .example('$0 init http://127.0.0.1:3000/api/items', 'one request')
        .example('$0 init --openapi openapi.yaml', 'every operation that changes nothing')
        .example('$0 init', 'asks, on a terminal') as never,
    async handler(flags) {
      const { cwd, env, stdout, stderr } = session;
      const source = sourceOf(flags);
      const asked = source === null ? await askForProject(session) : { source };
      const done = await initProject({
        ...flags,
        ...asked,
        cwd,
        env,
        includesWrites: flags.writes,
        writesWorkflow: flags.workflow,
        replaces: flags.force,
      });
      for (const line of done.written.omissions) stderr.write(`Left out ${line}\n`);
      if (!flags.quiet) stdout.write(doneText(done));
      exit(0);
    },
  };
}

/** What the scenario is made from; null where the flags do not say it. */
function sourceOf(flags: InitFlags & FileFlags): ImportSource | null {
  const urls = [...(flags.url ?? []), ...(flags['--'] ?? [])];
  const { curl, openapi } = flags;
  const ofFiles = (Object.keys(files) as readonly FileKind[]).flatMap(kind => {
    const file = flags[kind];
    return file === undefined ? [] : [[`--${kind}`, { kind, file }] as const];
  });
  const given: readonly (readonly [string, ImportSource])[] = [
    ...(urls.length === 0 ? [] : [['URL', { kind: 'urls', urls }] as const]),
    ...(openapi === undefined ? [] : [['--openapi', { kind: 'openapi', from: openapi }] as const]),
    ...(curl === undefined ? [] : [['--curl', { kind: 'curl', commands: curl }] as const]),
    ...ofFiles,
  ];
  const [only, ...others] = given;
  if (only === undefined) return null;
  if (others.length === 0) return only[1];
  throw problem('command.conflicting-flags', {
    where: given.map(([flag]) => flag).join(', '),
    found: `${given.length} sources`,
    expected: 'one source for one scenario',
  });
}

/** What was written, and what to do next. */
function doneText({
  scenario,
  files,
  kept,
  written,
  target,
  isLocal,
  originally,
  isBelowRoot,
}: Initiated): string {
  const { variables, requests } = written;
  const set = variables.map(({ name }) => `${name}=… `).join('');
  return [
    ...files.map(
      file => `✓ ${file}${file.startsWith('scenarios/') ? `: ${counted(requests, 'request')}` : ''}`,
    ),
    ...kept.map(file => `  ${file} was there already, and stays as it is`),
    ...(isBelowRoot ? ['  no workflow: it belongs into the root of the repository'] : []),
    '',
    ...(originally === null
      ? []
      : [
          `The requests are meant for ${originally}. The scenario loads ${target}; TARGET or --target changes that.`,
        ]),
    ...(isLocal ? [] : [`${target} is loaded only with --allow-host ${new URL(target).hostname}.`]),
    ...variables.map(({ name, place }) => `Set ${name}: ${place}.`),
    'Next:',
    `  ${set}npx plimsoll run ${scenario} --once   sends each request once, and shows the answers`,
    `  ${set}npx plimsoll run ${scenario}`,
    '',
  ].join('\n');
}
