import type { StoredRun } from '../../model/judgement/baseline.ts';
import type { NewerParts } from '../../model/newer-parts.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { newerText } from '../../words/newer-text.ts';
import { counted, none, observation } from '../../words/quantity-text.ts';
import { shortCommit } from '../words/baseline-sentence.ts';
import { textTable, wrapped } from './text-table.ts';

const columns = [
  { title: 'scenario', align: 'left' },
  { title: 'id', align: 'left' },
  { title: 'measured (UTC)', align: 'left' },
  { title: 'commit', align: 'left' },
  { title: 'branch', align: 'left', goes: 1 },
  { title: 'requests', align: 'right', goes: 2 },
  { title: 'p95', align: 'right' },
  { title: 'errors', align: 'right' },
] as const;

/** Stored runs as a table for a terminal. */
export function baselineTable(runs: readonly StoredRun[], width = 100): string {
  const rows = runs.map(({ entry: { header, total, completion } }) => {
    const { git } = header.fingerprint;
    const metric = (name: string) => {
      const value = total.metrics[name] ?? null;
      return value === null ? null : { value, atLeast: total.atLeast.includes(name) };
    };
    const remark = [...(git?.dirty ? ['+changes'] : []), ...(completion === 'complete' ? [] : [completion])];
    return [
      printable(header.scenario, 60),
      printable(header.id.slice(0, 8)),
      header.startedAt.slice(0, 16).replace('T', ' '),
      [git ? shortCommit(git.commit) : none, ...remark].join(' '),
      printable(git?.branch ?? none, 30),
      total.requests.toLocaleString('en-US'),
      observation(metric('p95'), 'ms'),
      observation(metric('errorRate'), 'ratio'),
    ].map(text => ({ text }));
  });
  return textTable(columns, rows, width, text => text).join('\n');
}

/** One stored run with its figures, for a terminal, and what of its record is not known here. */
export function baselineDetails({ where, entry }: StoredRun, newer?: NewerParts, width = 100): string {
  const { header, completion } = entry;
  const { fingerprint } = header;
  const { git } = fingerprint;
  const facts: readonly (readonly [string, string])[] = [
    ['run', header.id],
    ['stored', where],
    ['scenario', `${header.scenario}, workload ${header.digest.slice(0, 12)}`],
    [
      'measured',
      `${header.startedAt}, ${counted(Math.round(header.durationMs / 1_000), 'second')}, ${completion}`,
    ],
    [
      'code',
      git
        ? `${git.commit} on ${git.branch ?? 'no branch'}${git.dirty ? ', with uncommitted changes' : ''}`
        : 'no repository',
    ],
    [
      'machine',
      `${fingerprint.cpu}, ${counted(fingerprint.cores, 'core')}, ${fingerprint.memoryMb} MB, ${fingerprint.os}, Node ${fingerprint.node}${fingerprint.ci ? `, ${fingerprint.ci}` : ''}`,
    ],
    ['command', header.command],
    ...(newer ? ([['record', newerText(newer)]] as const) : []),
  ];
  const lines = facts.flatMap(([name, value]) =>
    wrapped(printable(value, 400), width, ' '.repeat(11), `  ${name.padEnd(9)}`),
  );
  const names = ['p50', 'p95', 'p99', 'errorRate', 'rps'] as const;
  const units = { p50: 'ms', p95: 'ms', p99: 'ms', errorRate: 'ratio', rps: 'perSecond' } as const;
  const rows = [...entry.endpoints, { name: 'all endpoints', ...entry.total }].map(figures =>
    [
      printable(figures.name, 80),
      figures.requests.toLocaleString('en-US'),
      ...names.map(name => {
        const value = figures.metrics[name] ?? null;
        const observed = value === null ? null : { value, atLeast: figures.atLeast.includes(name) };
        return observation(observed, units[name]);
      }),
    ].map(text => ({ text })),
  );
  const titles = [
    { title: 'endpoint', align: 'left' },
    ...['requests', ...names].map(title => ({ title, align: 'right' }) as const),
  ] as const;
  return [...lines, '', ...textTable(titles, rows, width, text => text)].join('\n');
}
