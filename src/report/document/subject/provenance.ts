import type { DuetRecord } from '../../../model/duet/duet.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import type { ResultsOrigin } from '../../../model/run/results.ts';
import { fingerprintRows } from '../../words/fingerprint-text.ts';
import { connectionsText, cpuText, generatorText, handshakesText, sendLagText } from '../../words/health.ts';
import { type Inline, line, name } from '../../words/inline.ts';
import { gateBaseText } from '../../words/reasons/gate-change.ts';
import { type Fact, folded, type Section } from '../document.ts';
import { only } from '../placed.ts';

const fact = (what: string, value: Inline): Fact => ({ name: what, value });
const onPage = (what: string, value: Inline): Fact => only('page', fact(what, value));
const onScreen = (what: string, value: Inline): Fact => only('screen', fact(what, value));

/** By which budgets a run was judged, and by whose gate. */
function budgetsText({ judgement: { budgetsFile }, gate }: JudgedRun): Inline {
  const file: Inline = budgetsFile === null ? ['no budgets file found'] : [name(budgetsFile)];
  return gate === undefined ? file : line`${file}; the gate is that of ${name(gateBaseText(gate.base))}`;
}

/** How the load was sent, for a screen, which shows nothing else of how a run was measured. */
export function healthSection(run: JudgedRun): Section {
  const { measurement } = run.record;
  const handshakes = handshakesText(measurement);
  const cpu = cpuText(measurement);
  return only(
    'screen',
    folded('How it was measured', {
      kind: 'facts',
      style: 'aside',
      facts: [
        fact('budgets', budgetsText(run)),
        fact('connections', [connectionsText(measurement)]),
        ...(handshakes === null ? [] : [fact('connecting', [handshakes])]),
        fact('generator', line`${generatorText(measurement)}, send lag ${sendLagText(measurement)}`),
        ...(cpu === null ? [] : [fact('processor', [cpu])]),
      ],
    }),
  );
}

/** By what a run was measured, on which machine, from which code, and the command that repeats it. */
export function provenanceSection(run: JudgedRun): Section {
  const { header, measurement } = run.record;
  const { origin } = measurement;
  if (origin !== undefined) return originSection(run, origin);
  const handshakes = handshakesText(measurement);
  const cpu = cpuText(measurement);
  return only(
    'page',
    folded(
      'How it was measured, and the command that repeats it',
      {
        kind: 'facts',
        style: 'aside',
        facts: [
          fact('scenario', [header.file === null ? 'none, from the command line' : name(header.file)]),
          fact('budgets', budgetsText(run)),
          fact('target', [name(header.target)]),
          fact('started', [name(header.startedAt)]),
          fact('generator', generatorText(measurement)),
          fact('send lag', [sendLagText(measurement)]),
          ...(cpu === null ? [] : [fact('processor', [cpu])]),
          fact('connections', [connectionsText(measurement)]),
          ...(handshakes === null ? [] : [fact('connecting', [handshakes])]),
          ...fingerprintRows(header.fingerprint).map(([what, value]) => fact(what, value)),
          fact('workload', [name(header.digest.slice(0, 12))]),
          fact('run', [name(header.id)]),
        ],
      },
      { kind: 'code', is: 'command', text: header.command },
    ),
  );
}

/** Which tool measured, and by which budgets that is judged. */
function originSection(run: JudgedRun, { tool, format }: ResultsOrigin): Section {
  const { header } = run.record;
  return folded(
    'What was judged, and the command that repeats it',
    {
      kind: 'facts',
      style: 'aside',
      facts: [
        fact('results', line`${tool} (${format}), ${name(header.file ?? '')}`),
        fact('budgets', budgetsText(run)),
        ...(header.target === '' ? [] : [onPage('target', [name(header.target)])]),
        onPage('started', [name(header.startedAt)]),
      ],
    },
    { kind: 'code', is: 'command', text: header.command },
  );
}

/** The same of what is measured in turns; a screen shows `told` too, which stands elsewhere on a page. */
export function turnsSection(
  what: 'duet' | 'calibration',
  header: DuetRecord['header'],
  { shared, told }: { readonly shared: readonly Fact[]; readonly told: readonly Fact[] },
): Section {
  return folded(
    'Where it was measured, and the command that repeats it',
    {
      kind: 'facts',
      style: 'aside',
      facts: [
        ...shared,
        ...told.map(({ name, value }) => onScreen(name, value)),
        onPage('scenario', [name(header.file ?? header.scenario)]),
        onPage('started', [name(header.startedAt)]),
        ...fingerprintRows(header.fingerprint).map(([of, value]) => fact(of, value)),
        onPage('workload', [name(header.digest.slice(0, 12))]),
        onPage('seed', [String(header.seed)]),
        onPage(what, [name(header.id)]),
      ],
    },
    { kind: 'code', is: 'command', text: header.command },
  );
}
