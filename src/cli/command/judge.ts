import type { CommandModule } from 'yargs';
import {
  type ExitCode,
  judgeFile,
  judgeResults,
  problem,
  publish,
  type ResultTool,
  resultTools,
  runDocument,
  worstExitCode,
} from '../../app.ts';
import { commandText } from '../flags/command-text.ts';
import { placesOf, type SharedFlags, sharedFlags } from '../flags/options.ts';
import type { Session } from '../streams/session.ts';
import { formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface RecordFlags extends SharedFlags {
  readonly record: string;
}

interface JudgeFlags extends RecordFlags {
  readonly from: ResultTool | undefined;
  readonly scenario: string | undefined;
}

/** `plimsoll judge`. */
export function judgeCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, JudgeFlags> {
  return {
    command: 'judge <record>',
    describe: "Judge a stored run record, or another tool's results, by the current budgets",
    builder: argv =>
      recordFlags(argv, 'Run record; with --from, a file of results')
        .options({
          from: {
            choices: resultTools,
            requiresArg: true,
            describe: 'Judge the results of this tool instead of a run record',
          },
          scenario: {
            type: 'string',
            requiresArg: true,
            describe:
              'With --from: the scenario whose budgets apply [default: the only one, or the one named like the file]',
          },
        })
        .example('$0 judge reports/runs/browse-bills-….json', 'uses budgets.json')
        .example('$0 judge run.json --budgets strict.json --json -', 'other budgets, JSON output')
        .example('$0 judge --from k6 summary.json', "k6's results, by budgets.json"),
    async handler(flags) {
      const { verdict, output } = await showRecord(flags, session);
      exit(worstExitCode([verdict, output]));
    },
  };
}

/** `plimsoll report`. */
export function reportCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, RecordFlags> {
  return {
    command: 'report <record>',
    describe: 'Render a stored run record; exits with 0 whatever the verdict',
    builder: argv =>
      recordFlags(argv)
        .example('$0 report reports/runs/browse-bills-….json', 'on the terminal')
        .example('$0 report run.json --format markdown > report.md', 'as Markdown'),
    async handler(flags) {
      exit((await showRecord(flags, session)).output);
    },
  };
}

const recordFlags = (argv: Parameters<typeof sharedFlags<object>>[0], describe = 'Run record') =>
  sharedFlags(argv.positional('record', { type: 'string', demandOption: true, describe }), {
    out: 'Folder to write report.md, report.html and summary.json into [default: none]',
  });

interface Shown {
  readonly verdict: ExitCode;
  readonly output: ExitCode;
}

/** Judges a stored record, writes the reports where the flags say, and prints the result. */
async function showRecord(flags: RecordFlags & Partial<JudgeFlags>, session: Session): Promise<Shown> {
  formatOf(flags);
  const { from, record, scenario } = flags;
  if (from === undefined && scenario !== undefined) {
    throw problem('command.conflicting-flags', {
      where: '--scenario',
      found: 'no --from',
      expected: 'a run record says itself which scenario it is of',
      instead: `--from TOOL, one of ${resultTools.join(', ')}`,
    });
  }
  const places = await placesOf(flags, session);
  const { budgets } = places;
  const { cwd } = session;
  const reports = placesOfReports('run', flags.out ?? null, flags, places);
  const judged =
    from === undefined
      ? await judgeFile(record, { budgets, cwd })
      : await judgeResults(record, {
          budgets,
          command: commandText(session.argv),
          cwd,
          tool: from,
          scenario,
        });
  const document = runDocument([judged]);
  const { problems } = await publish(document, reports);
  session.stdout.write(resultText(document, flags, session));
  for (const { message } of problems) session.stderr.write(`${message}\n`);
  return { verdict: judged.exitCode, output: worstExitCode(problems.map(({ exitCode }) => exitCode)) };
}
