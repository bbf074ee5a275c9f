import type { CommandModule } from 'yargs';
import { type ExitCode, judgeFile, publish, runDocument, worstExitCode } from '../../app.ts';
import { placesOf, type SharedFlags, sharedFlags } from '../flags/options.ts';
import type { Session } from '../streams/session.ts';
import { formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface RecordFlags extends SharedFlags {
  readonly record: string;
}

/** `plimsoll judge`. */
export function judgeCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, RecordFlags> {
  return {
    command: 'judge <record>',
    describe: 'Judge a stored run record by the current budgets',
    builder: argv =>
      recordFlags(argv)
        .example('$0 judge reports/runs/browse-bills-….json', 'uses budgets.json')
        .example('$0 judge run.json --budgets strict.json --json -', 'other budgets, JSON output'),
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

const recordFlags = (argv: Parameters<typeof sharedFlags<object>>[0]) =>
  sharedFlags(argv.positional('record', { type: 'string', demandOption: true, describe: 'Run record' }), {
    out: 'Folder to write report.md and summary.json into [default: none]',
  });

interface Shown {
  readonly verdict: ExitCode;
  readonly output: ExitCode;
}

/** Judges a stored record, writes the reports where the flags say, and prints the result. */
async function showRecord(flags: RecordFlags, session: Session): Promise<Shown> {
  formatOf(flags);
  const { budgets } = await placesOf(flags, session);
  const judged = await judgeFile(flags.record, { budgets, cwd: session.cwd });
  const document = runDocument([judged]);
  const { problems } = await publish(document, placesOfReports('run', flags.out ?? null, flags));
  session.stdout.write(resultText(document, flags, session));
  for (const { message } of problems) session.stderr.write(`${message}\n`);
  return { verdict: judged.exitCode, output: worstExitCode(problems.map(({ exitCode }) => exitCode)) };
}
