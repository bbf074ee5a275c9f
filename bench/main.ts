/**
 * Measures Plimsoll side by side with every load generator on this machine (Linux, two cores or more):
 * `npm run bench -- [cpu] [protocols] [memory] [lag] [truth] [soak] [validity] [stores]`; without a section, all but the last
 * three.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stopChildren } from './child.ts';
import { benchFingerprint, isBusy, machineLine, versionIn } from './fingerprint.ts';
import { assertPlaces, benchPages } from './measured-pages.ts';
import { peerNames, peersFound } from './peers/found.ts';
import { plimsollAt } from './peers/plimsoll.ts';
import { missingLine, type Results, writeIntoDocument, writeResults } from './results.ts';
import { measureCpu } from './sections/cpu.ts';
import { measureLag } from './sections/lag.ts';
import { measureMemory } from './sections/memory.ts';
import { measureProtocols } from './sections/protocols.ts';
import type { Measured } from './sections/section.ts';
import { measureSoak } from './sections/soak.ts';
import { measureStores } from './sections/stores.ts';
import { measureTruth } from './sections/truth.ts';
import { measureValidity } from './sections/validity.ts';
import type { Setting } from './setting.ts';
import { terminalTable } from './table.ts';

const sections: { readonly [name: string]: (setting: Setting) => Promise<Measured> } = {
  cpu: measureCpu,
  protocols: measureProtocols,
  memory: measureMemory,
  lag: measureLag,
  truth: measureTruth,
  soak: measureSoak,
  validity: measureValidity,
  stores: measureStores,
};
/** They take long, or keep the machine busy, or measure no load. */
const onDemand = ['soak', 'validity', 'stores'];
const usage = `npm run bench -- [${Object.keys(sections).join('] [')}]
  --peers wrk,hey  only these beside Plimsoll; "none" for Plimsoll alone
  --seconds 3      the length of each run (not in truth; in soak of the second run)
  --runs 5         runs of each generator in cpu and protocols, of each row in validity; stored runs in stores
  --minutes 5      the length of the soak
  --cli FILE       another build's dist/cli/bin.js
  --doc            put the tables into their page in docs/measured/ too`;

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the chosen sections; the exit code. */
async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      peers: { type: 'string', default: peerNames.join(',') },
      seconds: { type: 'string' },
      runs: { type: 'string' },
      minutes: { type: 'string', default: '5' },
      cli: { type: 'string' },
      doc: { type: 'boolean', default: false },
    },
  });
  const cli = values.cli === undefined ? join(root, 'dist', 'cli', 'bin.js') : resolve(values.cli);
  const chosen =
    positionals.length > 0 ? positionals : Object.keys(sections).filter(name => !onDemand.includes(name));
  const peers = values.peers === 'none' ? [] : values.peers.split(',');
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  const runs = values.runs === undefined ? null : Number(values.runs);
  const minutes = Number(values.minutes);
  const isClear =
    chosen.every(name => name in sections) &&
    peers.every(name => peerNames.includes(name)) &&
    [seconds ?? 1, runs ?? 1].every(each => Number.isInteger(each) && each > 0) &&
    minutes > 0;
  if (!isClear) {
    console.error(usage);
    return 2;
  }
  if (process.platform !== 'linux' || availableParallelism() < 2) {
    console.error('The bench pins generator and target to a core each: it needs Linux and two cores.');
    return 2;
  }
  if (!existsSync(cli)) {
    console.error(`${cli} does not exist: npm run build`);
    return 2;
  }
  // Better now than after a quarter of an hour.
  const pages = values.doc
    ? benchPages.filter(page => page.sections.some(name => chosen.includes(name)))
    : [];
  for (const page of pages) assertPlaces(page);
  const version = versionIn(root);
  const plimsoll = plimsollAt(cli, version);
  const { found, missing } = peersFound(peers);
  const all = [plimsoll, ...found];
  const say = (line: string) => console.error(line);
  const setting: Setting = { plimsoll, cli, all, missing, runs, seconds, minutes, say };
  const startedAt = new Date();
  const machine = await benchFingerprint(root, version, all);
  console.log(`${machineLine(machine)}\n${missingLine(missing)}\n`);
  if (isBusy(machine))
    console.error('Other programs are busy on this machine: measure again when it is quiet.\n');
  const measured: { [section: string]: Measured } = {};
  let files: readonly string[] = [];
  for (const name of chosen) {
    const section = await sections[name]?.(setting);
    if (!section) continue;
    measured[name] = section;
    for (const table of section.tables) console.log(terminalTable(table));
    const results: Results = { startedAt, machine, missing, sections: measured };
    files = writeResults(join(root, 'bench', 'results'), results);
    for (const { file, sections: own } of pages) {
      const parts = Object.entries(measured).filter(([section]) => own.includes(section));
      writeIntoDocument(file, { ...results, sections: Object.fromEntries(parts) });
    }
  }
  for (const file of [...files, ...pages.map(page => page.file)]) console.log(`written: ${file}`);
  return 0;
}

process.once('exit', stopChildren);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
bench(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  error => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
