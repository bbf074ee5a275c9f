import { join } from 'node:path';
import { number } from '../../src/words/quantity-text.ts';
import { runChild } from '../child.ts';
import { generatorCore } from '../cores.ts';
import type { Setting } from '../setting.ts';
import { type MadeKind, type MadeStore, madeStore } from '../stores/made-store.ts';
import type { Table } from '../table.ts';
import { temporaryFolder } from '../temporary.ts';
import type { Measured } from './section.ts';

/** The most seconds for a command over so many runs. */
const goal = 3;
const usualRuns = 10_000;
const kinds: readonly MadeKind[] = ['folder', 'branch', 'branch without outlines'];

/** The commands, in an order in which none leaves less to the next; the first two make and use the index. */
const commandsOf = ({
  next,
  someId,
}: MadeStore): readonly (readonly [what: string, args: readonly string[]])[] => [
  ['list, no index yet', ['baseline', 'list']],
  ['list', ['baseline', 'list']],
  ['show', ['baseline', 'show', someId]],
  ['history', ['history', '--scenario', 'vote']],
  ['compare', ['compare', someId, next]],
  ['save, with its comparison', ['baseline', 'save', next]],
  ['prune', ['baseline', 'prune', '--keep', '100']],
];

interface Row {
  readonly kind: MadeKind;
  readonly what: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number | null;
}

/** How long commands take over a store of ten thousand runs, in a folder and on a branch. */
export async function measureStores({ cli, runs, say }: Setting): Promise<Measured> {
  const count = runs ?? usualRuns;
  const rows: Row[] = [];
  for (const kind of kinds) {
    const folder = temporaryFolder('stores');
    try {
      say(`stores: making a ${kind} of ${number(count)} runs`);
      const store = await madeStore(join(folder.path, 'code'), kind, count);
      for (const [what, args] of commandsOf(store)) {
        say(`stores: ${kind}, ${what}`);
        rows.push({
          kind,
          what,
          ...(await timed([cli, ...args, '--store', kind === 'folder' ? 'dir' : 'git'], store)),
        });
      }
    } finally {
      folder.remove();
    }
  }
  return { tables: [tableOf(rows, count)], figures: rows };
}

async function timed(args: readonly string[], { folder }: MadeStore): Promise<Omit<Row, 'kind' | 'what'>> {
  const ended = await runChild(
    { file: process.execPath, args },
    { cwd: folder, cores: generatorCore, atMostSeconds: 1_800, watchMemoryMs: 50 },
  );
  if (ended.code !== 0 && ended.code !== 1) throw new Error(`${args.join(' ')}: ${ended.stderr}`);
  const { seconds, cpuSeconds, peakBytes } = ended;
  return { seconds, cpuSeconds, peakBytes };
}

function tableOf(rows: readonly Row[], count: number): Table {
  return {
    title: 'Stores that grow',
    method: `The time from the start to the exit of commands over ${number(count)} stored runs of four scenarios, each record as large as that of the demo, on one core.`,
    columns: [
      { title: 'store', align: 'left' },
      { title: 'command', align: 'left' },
      { title: 'time', align: 'right' },
      { title: 'goal', align: 'left' },
      { title: 'CPU time', align: 'right' },
      { title: 'memory', align: 'right' },
    ],
    rows: rows.map(({ kind, what, seconds, cpuSeconds, peakBytes }) => [
      ...[kind, what, `${number(seconds)} s`],
      what.includes('no index') ? '' : `< ${goal} s ${seconds < goal ? '✓' : '✗'}`,
      `${number(cpuSeconds)} s`,
      peakBytes === null ? '' : `${number(peakBytes / 1e6)} MB`,
    ]),
    notes: [
      'The first command over a store makes its index. It is made again where it is missing, damaged or of other records.',
    ],
  };
}
