import type { CommandModule } from 'yargs';
import { type ExitCode, historyDocument, metricHistory, problem, renderers, writeText } from '../../app.ts';
import { baselinesOf, type StoreFlags, storeFlags } from '../flags/baseline-flags.ts';
import { interruptedExitCode, type Session } from '../streams/session.ts';
import { terminalText } from '../terminal/output.ts';

interface HistoryFlags extends StoreFlags {
  readonly endpoint: string | undefined;
  readonly scenario: string | undefined;
  readonly target: string | undefined;
  readonly metric: string;
  readonly everyMachine: boolean;
  readonly everyBranch: boolean;
  readonly json: string | undefined;
  readonly csv: string | undefined;
}

/** `plimsoll history`. */
export function historyCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, HistoryFlags> {
  return {
    command: 'history [endpoint]',
    describe: 'Show a metric over the commits, from the stored runs',
    builder: argv =>
      storeFlags(
        argv.positional('endpoint', {
          type: 'string',
          describe: 'Endpoint, such as "GET /api/bills" [default: all together]',
        }),
      )
        .options({
          scenario: {
            type: 'string',
            requiresArg: true,
            describe: 'Scenario, or its file, if several are stored',
          },
          target: {
            type: 'string',
            requiresArg: true,
            describe: 'Target, if a scenario loaded several [default: of its newest run]',
          },
          metric: { type: 'string', default: 'p95', requiresArg: true, describe: 'Metric' },
          'every-machine': { type: 'boolean', default: false, describe: 'Include runs of other machines' },
          'every-branch': {
            type: 'boolean',
            default: false,
            describe: 'Include commits that are not ancestors',
          },
          json: {
            type: 'string',
            requiresArg: true,
            describe: 'Write JSON to this file; - for standard output',
          },
          csv: {
            type: 'string',
            requiresArg: true,
            describe: 'Write CSV to this file; - for standard output',
          },
        })
        .example("$0 history 'GET /api/bills' --metric p99", 'one endpoint')
        .example(
          '$0 history --csv history.csv --json history.json',
          'for a spreadsheet and a program',
        ) as never,
    async handler(flags) {
      try {
        await show(flags, session);
        exit(0);
      } catch (error) {
        if (!session.interrupt.aborted) throw error;
        exit(interruptedExitCode(session.interrupt));
      }
    },
  };
}

async function show(flags: HistoryFlags, session: Session): Promise<void> {
  if (flags.json === '-' && flags.csv === '-') {
    throw problem('command.conflicting-flags', {
      where: '--json -',
      found: '--csv - as well',
      expected: 'one of them on standard output',
      instead: '--csv FILE',
    });
  }
  const { baselines, targetBranch } = await baselinesOf(flags, session);
  const history = await metricHistory(baselines, { ...flags, targetBranch });
  const document = historyDocument(history);
  const formats = ['json', 'csv'] as const;
  for (const format of formats) {
    const file = flags[format];
    if (file !== undefined && file !== '-') await writeText(file, renderers[format].render(document));
  }
  const piped = formats.find(format => flags[format] === '-');
  if (piped) for (const what of history.damaged) session.stderr.write(`${what}\n`);
  session.stdout.write(piped ? renderers[piped].render(document) : terminalText(document, session));
}
