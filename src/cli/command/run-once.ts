import {
  clearedLeftBehind,
  type ExitCode,
  type OnceRun,
  onceDocument,
  outcomeOfOnce,
  type PreparedRun,
  problem,
  renderers,
  runOnce,
  writeText,
} from '../../app.ts';
import type { RunFlags } from '../flags/run-flags.ts';
import { guarded, interruptedExitCode, type Session } from '../streams/session.ts';
import { formatOf, placesOfReports, resultText } from '../terminal/output.ts';

/** For writing scenarios: nothing is measured, judged or kept. */
export async function runStepsOnce(
  prepared: readonly PreparedRun[],
  out: string,
  flags: RunFlags,
  session: Session,
): Promise<ExitCode> {
  const format = formatOf(flags);
  if (format !== 'terminal' && format !== 'json') {
    throw problem('command.conflicting-flags', {
      where: '--once',
      found: `--format ${format} as well`,
      expected: '--format terminal or json: what is sent once has no report',
    });
  }
  for (const sentence of await clearedLeftBehind(session.env)) {
    if (!flags.quiet) session.stderr.write(`note: ${sentence}\n`);
  }
  const { interrupt, env } = session;
  const runs = await guarded(session, async () => {
    const done: OnceRun[] = [];
    for (const one of prepared) {
      if (!interrupt.aborted) done.push(await runOnce(one, { env, out, interrupt }));
    }
    return done;
  });
  const document = onceDocument(runs);
  const { summary } = placesOfReports('once', null, flags);
  if (summary !== null) await writeText(summary, renderers.json.render(document));
  session.stdout.write(resultText(document, { ...flags, quiet: false }, session));
  if (interrupt.aborted) return interruptedExitCode(interrupt);
  return onceCodes[outcomeOfOnce(runs)];
}

const onceCodes = { held: 0, failed: 1, unanswered: 3 } as const;
