import {
  dryRun,
  dryRunDocument,
  type ExitCode,
  type PreparedRun,
  problem,
  renderers,
  writeText,
} from '../../app.ts';
import type { RunFlags } from '../flags/run-flags.ts';
import type { Session } from '../streams/session.ts';
import { formatOf, placesOfReports, resultText } from '../terminal/output.ts';

/** Shows what runs would send. */
export async function sayPlan(
  prepared: readonly PreparedRun[],
  flags: RunFlags,
  session: Session,
): Promise<ExitCode> {
  const format = formatOf(flags);
  if (format !== 'terminal' && format !== 'json') {
    const expected = '--format terminal or json: a dry run has no report';
    throw problem('command.conflicting-flags', {
      where: '--dry-run',
      found: `--format ${format} as well`,
      expected,
    });
  }
  for (const { unresolved } of prepared) if (unresolved !== null) throw unresolved;
  const document = dryRunDocument(prepared.map(one => dryRun(one)));
  const { summary } = placesOfReports('dryRun', null, flags);
  if (summary !== null) await writeText(summary, renderers.json.render(document));
  session.stdout.write(resultText(document, { ...flags, quiet: false }, session));
  return 0;
}
