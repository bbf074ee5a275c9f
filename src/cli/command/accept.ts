import type { CommandModule } from 'yargs';
import { acceptRun, type ExitCode, problem } from '../../app.ts';
import { baselinesOf, type StoreFlags, storeFlags } from '../flags/baseline-flags.ts';
import { budgetsFlag, placesOf } from '../flags/options.ts';
import type { Session } from '../streams/session.ts';

interface AcceptFlags extends StoreFlags {
  readonly scenario: string | undefined;
  readonly reason: string | undefined;
  readonly budgets: string | undefined;
}

/** `plimsoll accept`. */
export function acceptCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, AcceptFlags> {
  return {
    command: 'accept [scenario]',
    describe: 'Accept a regression: make the latest run the new baseline',
    builder: argv =>
      storeFlags(argv)
        .positional('scenario', {
          type: 'string',
          describe: 'Name of a scenario [default: of the latest run]',
        })
        .options({
          reason: {
            type: 'string',
            requiresArg: true,
            describe: 'Why it may be slower; later reports quote it',
          },
          ...budgetsFlag,
        })
        .example('$0 accept browse-bills --reason "bills are encrypted now"', 'keeps who and why') as never,
    async handler(flags) {
      exit(await accept(flags, session));
    },
  };
}

async function accept(flags: AcceptFlags, session: Session): Promise<ExitCode> {
  const reason = flags.reason?.trim() ?? '';
  if (reason === '') {
    throw problem('command.missing-argument', {
      where: '--reason',
      expected: 'why the regression is accepted',
      instead: 'plimsoll accept --reason "bills are encrypted now"',
    });
  }
  const { baselines, out, targetBranch } = await baselinesOf(flags, session);
  const { budgets } = await placesOf(flags, session);
  const { scenario } = flags;
  const request = { scenario, reason, targetBranch, out, budgets, cwd: session.cwd, now: new Date() };
  const { header, acceptance, where } = await acceptRun(baselines, request);
  const worse = acceptance.findings.map(({ endpoint, metric }) => `  ${endpoint} ${metric}\n`);
  session.stdout.write(`accepted  ${header.scenario} as the new baseline: ${where}\n${worse.join('')}`);
  return 0;
}
