import type { CommandModule } from 'yargs';
import { assertWritable, type ExitCode, judgeFile, publish } from '../index.ts';
import { placesOf, type SharedFlags, sharedFlags } from './options.ts';
import { printResult } from './output.ts';
import type { Session } from './session.ts';

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
    describe: 'Judge a stored run record by the budgets of today',
    builder: argv =>
      recordFlags(argv)
        .example('$0 judge reports/runs/browse-bills-….json', 'by budgets.json')
        .example('$0 judge run.json --budgets strict.json --json -', 'by other budgets, for a program'),
    handler: async flags => exit(await showRecord(flags, session)),
  };
}

/** `plimsoll report`. */
export function reportCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, RecordFlags> {
  return {
    command: 'report <record>',
    describe: 'Render a stored run record; exits 0 whatever the verdict',
    builder: argv =>
      recordFlags(argv)
        .example('$0 report reports/runs/browse-bills-….json', 'on the terminal')
        .example('$0 report run.json --format markdown > report.md', 'as Markdown'),
    async handler(flags) {
      await showRecord(flags, session);
      exit(0);
    },
  };
}

const recordFlags = (argv: Parameters<typeof sharedFlags<object>>[0]) =>
  sharedFlags(argv.positional('record', { type: 'string', demandOption: true, describe: 'A run record' }));

/** Judges a stored record, prints the result, and writes the reports where a folder is named. */
async function showRecord(flags: RecordFlags, session: Session): Promise<ExitCode> {
  const { budgets } = await placesOf(flags, session);
  const judged = await judgeFile(flags.record, { budgets, cwd: session.cwd });
  if (flags.out !== undefined) {
    await assertWritable(flags.out);
    await publish([judged], flags.out);
  }
  await printResult([judged], flags, session);
  return judged.exitCode;
}
