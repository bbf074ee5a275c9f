import type { Argv, CommandModule } from 'yargs';
import {
  acceptanceText,
  baselineDocument,
  baselineFor,
  baselinesDocument,
  type Choice,
  choicesDocument,
  type Document,
  type ExitCode,
  findStoredRun,
  latestHeaders,
  newerPartsIn,
  PlimsollError,
  problem,
  pullBaselines,
  pushBaselines,
  saveBaselines,
} from '../../app.ts';
import { baselinesOf, type StoreFlags, storeFlags } from '../flags/baseline-flags.ts';
import { budgetsFlag, placesOf } from '../flags/options.ts';
import { countedRuns, nameSkipped } from '../flags/stored-runs.ts';
import { interruptedExitCode, type Session } from '../streams/session.ts';
import { terminalText } from '../terminal/output.ts';
import { type PruneFlags, prune, pruneFlags } from './prune.ts';

/** What a subcommand answers: its exit code is 0 unless it throws. */
type Action<Flags> = (flags: Flags, session: Session) => Promise<string>;

/** `plimsoll baseline`. */
export function baselineCommand(session: Session, exit: (code: ExitCode) => void): CommandModule {
  const subcommand = <Flags extends StoreFlags>(
    command: string,
    describe: string,
    example: readonly [command: string, what: string],
    action: Action<Flags>,
    more: (argv: Argv<StoreFlags>) => Argv = argv => argv,
  ): CommandModule => ({
    command,
    describe,
    builder: argv => more(storeFlags(argv) as never).example(...example) as never,
    async handler(flags) {
      try {
        session.stdout.write(`${await action(flags as unknown as Flags, session)}\n`);
        exit(0);
      } catch (error) {
        if (!session.interrupt.aborted) throw error;
        exit(interruptedExitCode(session.interrupt));
      }
    },
  });
  return {
    command: 'baseline',
    describe: 'Store and share runs to compare with',
    builder: argv =>
      argv
        .command(
          subcommand<SaveFlags>(
            'save [record..]',
            'Store the latest run, or the given records',
            ['$0 baseline save', 'stores the latest run'],
            save,
            more =>
              more
                .positional('record', { type: 'string', array: true, describe: 'Run records' })
                .options(budgetsFlag),
          ),
        )
        .command(
          subcommand(
            'list',
            'List the stored runs',
            ['$0 baseline list --store dir', 'lists the records in reports/runs'],
            list,
          ),
        )
        .command(
          subcommand<ShowFlags>(
            'show [id]',
            'Show a run, or which run the latest one is compared with',
            ['$0 baseline show 8c2f0e1', 'by the start of its id or commit'],
            show,
            more => more.positional('id', { type: 'string', describe: 'Run id, commit or file' }),
          ),
        )
        .command(
          subcommand<PruneFlags>(
            'prune',
            'Remove old runs',
            ['$0 baseline prune --keep 20 --older-than 90d --dry-run', 'shows what is beyond both limits'],
            prune,
            pruneFlags,
          ),
        )
        .command(
          subcommand<RemoteFlags>(
            'push',
            'Push the stored runs to a remote',
            ['$0 baseline push', 'pushes to origin'],
            push,
            remoteFlag,
          ),
        )
        .command(
          subcommand<RemoteFlags>(
            'pull',
            'Fetch the runs that others pushed',
            ['$0 baseline pull --remote upstream', 'pulls from another remote'],
            pull,
            remoteFlag,
          ),
        )
        .demandCommand(1, 'one of save, list, show, prune, push and pull') as never,
    handler() {},
  };
}

interface SaveFlags extends StoreFlags {
  readonly budgets: string | undefined;
  readonly record: readonly string[] | undefined;
  readonly '--'?: readonly string[] | undefined;
}

async function save(flags: SaveFlags, session: Session): Promise<string> {
  const { baselines, out, targetBranch } = await baselinesOf(flags, session);
  const { budgets } = await placesOf(flags, session);
  const files = [...(flags.record ?? []), ...(flags['--'] ?? [])];
  const request = { files, out, budgets, cwd: session.cwd, targetBranch };
  const { saved, refused, repeated } = await saveBaselines(baselines, request);
  const told = saved
    .map(({ header, isNew, where, mark }) => {
      const { verdict, accepted } = mark;
      const remarks = [
        ...(verdict === 'fail' ? ['its verdict is fail'] : []),
        ...(accepted === undefined ? [] : [`accepted ${acceptanceText(accepted)}`]),
        ...(header.fingerprint.git?.dirty
          ? ['it measured uncommitted changes: no run is compared with it unless it is named']
          : []),
      ];
      return [`${isNew ? 'saved' : 'kept already'}  ${where}`, ...remarks].join('\n  ');
    })
    .join('\n');
  for (const { problems } of repeated) {
    for (const { where, found } of problems) {
      session.stderr.write(`skipped  ${where}: ${found}; it was repeated\n`);
    }
  }
  if (refused.length === 0) return told;
  if (saved.length > 0) session.stdout.write(`${told}\n`);
  throw new PlimsollError(refused.flatMap(({ problems }) => problems));
}

async function list(flags: StoreFlags, session: Session): Promise<string> {
  const { baselines } = await baselinesOf(flags, session);
  const { store } = baselines;
  const { runs, skipped } = await store.list();
  nameSkipped(skipped, session);
  if (runs.length === 0) return `no run in ${store.place}`;
  return shown(baselinesDocument(`${countedRuns(runs.length)} in ${store.place}`, runs), session);
}

interface ShowFlags extends StoreFlags {
  readonly id: string | undefined;
}

async function show(flags: ShowFlags, session: Session): Promise<string> {
  const { baselines, out, targetBranch } = await baselinesOf(flags, session);
  if (flags.id !== undefined) {
    const run = await findStoredRun(baselines, flags.id);
    return shown(baselineDocument(run, await newerPartsIn(run, baselines)), session);
  }
  const headers = await latestHeaders(baselines);
  if (headers.length === 0) {
    throw problem('store.no-run', {
      where: `${out}/runs`,
      found: 'no run to find a baseline for',
      instead: 'plimsoll run first, or name a baseline: plimsoll baseline show ID',
    });
  }
  const choices: Choice[] = [];
  for (const [index, header] of headers.entries()) {
    const selection = await baselineFor(header, baselines, { targetBranch, mayFetch: true });
    const { choice, skipped } = selection;
    if (index === 0) nameSkipped(skipped, session);
    const newer = choice.kind === 'none' ? undefined : await newerPartsIn(choice.run, baselines);
    choices.push({ header, selection, newer });
  }
  return shown(choicesDocument(choices), session);
}

/** Without the end of its last line, which the subcommand writes. */
function shown(document: Document, session: Session): string {
  return terminalText(document, session).trimEnd();
}

interface RemoteFlags extends StoreFlags {
  readonly remote: string | undefined;
}

const remoteFlag = (argv: Argv<StoreFlags>): Argv =>
  argv.options({
    remote: {
      type: 'string',
      requiresArg: true,
      describe: 'Name of the remote [default: origin, or the only one]',
    },
  }) as never;

async function push(flags: RemoteFlags, session: Session): Promise<string> {
  const { baselines } = await baselinesOf(flags, session);
  const { remote, added, removed } = await pushBaselines(baselines, flags.remote);
  if (added + removed > 0) return `pushed to ${remote}: ${changes(added, removed)}`;
  const isEmpty = (await baselines.store.list()).runs.length === 0;
  return isEmpty
    ? 'nothing to push: plimsoll baseline save keeps a run'
    : `nothing to push: ${remote} has everything that is kept here`;
}

async function pull(flags: RemoteFlags, session: Session): Promise<string> {
  const { baselines } = await baselinesOf(flags, session);
  const { remote, isThere, added, removed } = await pullBaselines(baselines, flags.remote);
  if (!isThere) return `nothing to pull: ${remote} has no branch plimsoll-data yet`;
  return added + removed > 0
    ? `pulled from ${remote}: ${changes(added, removed)}`
    : `nothing new: everything that ${remote} has is here`;
}

function changes(added: number, removed: number): string {
  return [
    ...(added > 0 ? [`${countedRuns(added)} added`] : []),
    ...(removed > 0 ? [`${countedRuns(removed)} removed`] : []),
  ].join(', ');
}
