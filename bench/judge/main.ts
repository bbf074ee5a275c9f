/**
 * Measures how often the judge of a duet is wrong and how often it is right, beside the rules of others:
 * `npm run bench:judge -- [record] [simulate] [hard] [stored] [coverage] [real] [urls] [instances] [interleaving] [history]`; without a
 * part, `simulate`, `hard`, `stored`, `coverage` and `history`.
 * The tables of all that was measured before come with it.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
} from '../../src/model/judgement/exit-code.ts';
import { counted } from '../../src/words/quantity-text.ts';
import { benchFingerprint, isBusy, machineLine, versionIn } from '../fingerprint.ts';
import { assertPlaces, judgePage, judgePlots } from '../measured-pages.ts';
import { writeIntoDocument, writeResults } from '../results.ts';
import type { Measured } from '../sections/section.ts';
import { terminalTable } from '../table.ts';
import { measureCoverage } from './coverage.ts';
import { cases } from './hard.ts';
import { measureHistory } from './history.ts';
import { injections, nameOf } from './injected.ts';
import { interleavingTable, measureInterleaving } from './interleaving.ts';
import { writePlots } from './plots.ts';
import { playReal } from './real.ts';
import { realTable } from './real-table.ts';
import { record } from './record.ts';
import type { JudgeSetting } from './setting.ts';
import { measureHard, measureSimulated } from './simulate.ts';
import { measureStored } from './stored.ts';
import { playUrlDuets } from './url-duet.ts';
import { instancesTable, simulateInstances } from './url-instances.ts';
import { simulateUrls, urlTable } from './urls.ts';
import { usualWorkloads, type Workload, workloads } from './workloads.ts';

const parts = [
  'record',
  'simulate',
  'hard',
  'stored',
  'coverage',
  'real',
  'urls',
  'instances',
  'interleaving',
  'history',
] as const;
const names = { workloads: Object.keys(workloads), injections: injections.map(nameOf), cases };
const usage = `npm run bench:judge -- [${parts.join('] [')}]
  --workload one,four  only these; plain is another server, for record, simulate and hard
  --inject ${names.injections.join(',')}
                       only these in simulate and real
  --case errors        only these in hard: ${names.cases.join(',')}
  --duets 1000         simulated ones of each setting (6,000 of simulate without a change), runs of stored (400)
                       and coverage (1,000), rounds of real ones (1), or real ones of each kind of urls (1)
  --pairs 18           slot pairs of a simulated restart, in place of those of the recording; not with --doc
  --starts 30          starts of the reference backend to add to the recording
  --rounds 30          rounds of each slot length
  --results DIR        elsewhere than bench/results
  --cli FILE           another build's dist/cli/bin.js, in real
  --doc                put the tables into docs/measured/judge.md too`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const document = judgePage.file;

/** Measures the chosen parts, and prints and writes the tables; the exit code. */
async function bench(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      workload: { type: 'string', default: usualWorkloads.map(({ name }) => name).join(',') },
      inject: { type: 'string', default: names.injections.join(',') },
      case: { type: 'string', default: names.cases.join(',') },
      duets: { type: 'string' },
      pairs: { type: 'string' },
      starts: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '30' },
      results: { type: 'string', default: join(root, 'bench', 'results') },
      cli: { type: 'string', default: join(root, 'dist', 'cli', 'bin.js') },
      doc: { type: 'boolean', default: false },
    },
  });
  const chosen: readonly string[] =
    positionals.length > 0 ? positionals : ['simulate', 'hard', 'stored', 'coverage', 'history'];
  const [asked, injected] = [values.workload.split(','), values.inject.split(',')];
  const befalling = values.case.split(',');
  const duets = values.duets === undefined ? null : Number(values.duets);
  const pairs = values.pairs === undefined ? null : Number(values.pairs);
  const [starts, rounds] = [Number(values.starts), Number(values.rounds)];
  const isClear =
    chosen.every(name => (parts as readonly string[]).includes(name)) &&
    asked.every(name => names.workloads.includes(name)) &&
    injected.every(name => names.injections.includes(name)) &&
    befalling.every(name => (names.cases as readonly string[]).includes(name)) &&
    [duets ?? 1, pairs ?? 1, starts, rounds].every(each => Number.isInteger(each) && each > 0) &&
    !(values.doc && pairs !== null);
  if (!isClear) {
    console.error(usage);
    return 2;
  }
  const cli = resolve(values.cli);
  if (chosen.includes('real') && !existsSync(cli)) {
    console.error(`${cli} does not exist: npm run build`);
    return 2;
  }
  const machine = await benchFingerprint(root, versionIn(root), []);
  const setting: JudgeSetting = {
    ...{ root, results: resolve(values.results), cli, machine, duets, pairs, starts, rounds, signal },
    workloads: Object.values(workloads).filter(({ name }): boolean => asked.includes(name)) as Workload[],
    injections: injections.filter(rule => injected.includes(nameOf(rule))),
    cases: befalling,
    say: line => console.error(line),
  };
  console.log(`${machineLine(machine)}\n`);
  if (
    isBusy(machine) &&
    chosen.some(name => !['simulate', 'hard', 'stored', 'coverage', 'instances'].includes(name))
  )
    console.error('Other programs are busy on this machine: measure again when it is quiet.\n');
  // Better now than after half an hour.
  if (values.doc) assertPlaces(judgePage);
  if (chosen.includes('record')) await record(setting);
  if (chosen.includes('interleaving')) await measureInterleaving(setting);
  const undecided = chosen.includes('real') ? await playReal(setting) : 0;
  if (chosen.includes('urls')) await playUrlDuets(setting);
  // Not after the simulation: it takes long, and a file of these that is in disorder is known at once.
  const soFar = { duets: await realTable(setting), interleaving: interleavingTable(setting) };
  const simulated = chosen.includes('simulate')
    ? await measureSimulated(setting)
    : { tables: {}, tallies: [] };
  const hard = chosen.includes('hard') ? { hard: await measureHard(setting) } : {};
  const stored = chosen.includes('stored') ? { stored: await measureStored(setting) } : {};
  const coverage = chosen.includes('coverage') ? { coverage: await measureCoverage(setting) } : {};
  const urls = chosen.includes('urls') ? { urls: urlTable(setting, simulateUrls(setting)) } : {};
  const instances = chosen.includes('instances')
    ? { instances: instancesTable(simulateInstances(setting)) }
    : {};
  const history = chosen.includes('history') ? { history: await measureHistory(setting) } : {};
  tell(
    { ...simulated.tables, ...hard, ...stored, ...coverage, ...urls, ...instances, ...history, ...soFar },
    setting,
    values.doc,
  );
  const drawn = values.doc ? writePlots(judgePlots, simulated.tallies) : [];
  for (const file of drawn) console.log(`written: ${file}`);
  if (undecided > 0) console.error(`${counted(undecided, 'duet')} came to no decision`);
  return undecided > 0 ? 1 : 0;
}

/** Prints the tables there are, and writes them to the results and, where wanted, to the document. */
function tell(
  measured: { readonly [section: string]: Measured | null },
  { machine, results: folder }: JudgeSetting,
  isDocumented: boolean,
): void {
  const told = judgePage.sections.flatMap(section => {
    const of = measured[section];
    return of && of.tables.length > 0 ? [[section, of] as const] : [];
  });
  for (const [, { tables }] of told) for (const table of tables) console.log(terminalTable(table));
  if (told.length === 0) return;
  const results = { startedAt: new Date(), machine, missing: [], sections: Object.fromEntries(told) };
  const files = writeResults(folder, results);
  if (isDocumented) writeIntoDocument(document, results);
  for (const file of isDocumented ? [...files, document] : files) console.log(`written: ${file}`);
}

const interrupt = new AbortController();
for (const signal of interruptSignals) {
  process.on(signal, () => {
    // What was started is stopped in order at first; a second Ctrl-C does not wait, and exiting kills what is left.
    if (interrupt.signal.aborted) process.exit(interruptExitCode(signal));
    interrupt.abort(signal);
  });
}
bench(process.argv.slice(2), interrupt.signal).then(
  code => {
    process.exitCode = code;
  },
  error => {
    if (interrupt.signal.aborted) {
      process.exit(interruptExitCode(interruptSignalOf(interrupt.signal)));
    }
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
