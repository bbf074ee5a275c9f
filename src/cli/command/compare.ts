import type { CommandModule } from 'yargs';
import {
  compareNamed,
  type ExitCode,
  exitCodeOfRuns,
  publish,
  runDocument,
  withdraw,
  worstExitCode,
} from '../../app.ts';
import { baselinesOf, type StoreFlags, storeFlags } from '../flags/baseline-flags.ts';
import { placesOf, type SharedFlags, sharedFlags } from '../flags/options.ts';
import { interruptedExitCode, type Session } from '../streams/session.ts';
import { filesText, formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface CompareFlags extends SharedFlags, StoreFlags {
  readonly out: string | undefined;
  readonly base: string;
  readonly head: string;
  readonly anyway: boolean;
}

/** `plimsoll compare`. */
export function compareCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, CompareFlags> {
  return {
    command: 'compare <base> <head>',
    describe: 'Compare two runs: record files, measured commits, or run ids',
    builder: argv =>
      sharedFlags(
        storeFlags(
          argv
            .positional('base', { type: 'string', demandOption: true, describe: 'Before the change' })
            .positional('head', { type: 'string', demandOption: true, describe: 'After the change' })
            .options({
              anyway: {
                type: 'boolean',
                default: false,
                describe: 'Also compare different versions of a scenario; can only warn',
              },
            }),
        ),
        { subject: 'comparison' },
      )
        .example('$0 compare main HEAD', 'the stored runs of main, and the newest run of this commit')
        .example('$0 compare before.json after.json --format markdown', 'two record files') as never,
    async handler(flags) {
      try {
        exit(await compare(flags, session));
      } catch (error) {
        if (!session.interrupt.aborted) throw error;
        exit(interruptedExitCode(session.interrupt));
      }
    },
  };
}

async function compare(flags: CompareFlags, session: Session): Promise<ExitCode> {
  formatOf(flags);
  const { settings, budgets } = await placesOf(flags, session);
  const { baselines, out } = await baselinesOf(flags, session);
  const { base, head, anyway } = flags;
  const reports = placesOfReports('comparison', out, flags, { settings, out });
  await withdraw(reports);
  const runs = await compareNamed(baselines, { base, head, anyway, budgets, out, cwd: session.cwd });
  const document = runDocument(runs, 'comparison');
  const published = await publish(document, reports);
  const { problems } = published;
  session.stdout.write(resultText(document, flags, session) + filesText(published, [], flags));
  for (const { message } of problems) session.stderr.write(`${message}\n`);
  return worstExitCode([exitCodeOfRuns(runs), ...problems.map(({ exitCode }) => exitCode)]);
}
