import { changeText } from '../../src/words/change-text.ts';
import { none, number } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import type { Setting } from './drawn-restart.ts';
import { titleOf } from './injected.ts';
import { rules, shareRules } from './rules.ts';
import { shareText } from './shares.ts';
import { drawingNote, type Recorded, titleOfWorkload } from './simulated-tables.ts';
import { countOf, minutesOf, type Tally } from './tally.ts';
import { type Trouble, titleOfTrouble } from './trouble.ts';

const unchanged = { kind: 'none' } as const;
const slower = (factor: number) => ({ kind: 'scale', factor }) as const;
const tail = (factor: number) => ({ kind: 'tail', factor }) as const;

const continued: Setting = { spread: 0.05, rule: unchanged, trouble: { kind: 'continued' } };

/** What is simulated: error rates, then what is neither a change of all restarts nor the noise of independent ones. */
export const hardSettings: readonly Setting[] = [
  ...[0.003, 0.01].map(rate => errors(rate, rate)),
  ...[0.002, 0.003, 0.005, 0.01].map(rate => errors(0, rate)),
  ...[unchanged, tail(0.1), slower(0.1), slower(0.25)].map(
    (rule): Setting => ({ spread: 0.03, rule, trouble: { kind: 'disturbed', times: 20 } }),
  ),
  ...[false, true].flatMap(isDrawn =>
    [0.02, 0.03, 0.05].map((spread): Setting => between({ kind: 'folder', spread, isDrawn })),
  ),
  between({ kind: 'folder', spread: 0.05, isDrawn: true }, slower(0.1)),
  ...[1, 5, 10, 26].flatMap(builds =>
    [0.02, 0.03, 0.05].map((spread): Setting => between({ kind: 'build', spread, builds })),
  ),
  between({ kind: 'build', spread: 0.05, builds: 26 }, slower(0.1)),
  ...[0.5, 0.8].flatMap(by =>
    [unchanged, slower(0.1)].map(
      (rule): Setting => ({ spread: 0.05, rule, trouble: { kind: 'correlated', by } }),
    ),
  ),
  ...[2, 1.25].map(
    (times): Setting => ({
      spread: 0.03,
      rule: unchanged,
      trouble: { kind: 'intermittent', share: 0.3, times },
    }),
  ),
  ...[0, 0.03, 0.05].map((spread): Setting => ({ ...continued, spread })),
  ...[slower(0.05), tail(0.1), slower(0.1)].map((rule): Setting => ({ ...continued, rule })),
];

/** The kinds of what is simulated. */
export const cases = [...new Set(hardSettings.flatMap(({ trouble }) => trouble?.kind ?? []))];

function errors(base: number, head: number): Setting {
  return { spread: 0.03, rule: unchanged, trouble: { kind: 'errors', base, head } };
}

function between(trouble: Trouble, rule: Setting['rule'] = unchanged): Setting {
  return { spread: 0.03, rule, trouble };
}

/** The table of what was simulated. */
export function hardTable(tallies: readonly Tally[], recorded: readonly Recorded[]): Measured {
  return {
    tables: [
      {
        title: 'Harder cases',
        method:
          'The same simulated duets, and what befalls them: errors of one endpoint, a restart that is disturbed, a difference that stays with a side’s folder or build, starts that resemble the one before, starts that are slow now and then, and duets that are continued in each case in which they are inconclusive. Times of one endpoint are slowed besides, where it says so.',
        columns: [
          { title: 'workload', align: 'left' },
          { title: 'what befalls it', align: 'left' },
          { title: 'head is slower by', align: 'left' },
          { title: 'spread of starts', align: 'right' },
          { title: 'duets', align: 'right' },
          { title: 'fails rightly', align: 'left' },
          { title: 'accused wrongly', align: 'left' },
          { title: 'warned', align: 'left' },
          { title: 'passed', align: 'left' },
          { title: 'inconclusive', align: 'left' },
          { title: 'told of p95', align: 'right' },
          { title: 'load min', align: 'right' },
          { title: 'other rules', align: 'left' },
        ],
        rows: tallies.map(tally => {
          const { duets, told } = tally;
          const share = (...outcomes: Parameters<typeof countOf>[1]) =>
            shareText(countOf(tally, outcomes), duets);
          return [
            titleOfWorkload(tally.workload),
            titleOfTrouble(tally.trouble),
            titleOf(tally.rule),
            number(tally.spread),
            number(duets, 9),
            share('caught'),
            shareText(tally.wrong, duets),
            ...(['warned', 'passed', 'inconclusive'] as const).map(outcome => share(outcome)),
            tally.rule.kind === 'none' || told.of === 0
              ? none
              : changeText(Math.expm1(told.sum / told.of), 'relative'),
            number(meanMinutes(tally), 2),
            othersOf(tally),
          ];
        }),
        notes: [
          'A build or a folder that stays with a side for good is no chance, so no number of restarts tells it from a change: these rows show what that costs, and what drawing them anew saves.',
          '“told of p95” is the geometric mean of what the duets say of p95 of the endpoint that changed. Minutes are the mean of load, both sides together.',
          'Other rules as in the table above, of two runs of as many requests. Of errors: a rate over 1%, one that is 0.1 pp higher, and Fisher’s exact test, one-sided at 5% and at 0.7%.',
          drawingNote(recorded),
        ],
      },
    ],
    figures: tallies,
  };
}

function meanMinutes(tally: Tally): number {
  const restarts = tally.outcomes.reduce((sum, of) => sum + of.restarts * of.duets, 0);
  return minutesOf(tally, restarts / Math.max(1, tally.duets));
}

function othersOf({ trouble, rules: accusing, duets }: Tally): string {
  const names = (trouble?.kind === 'errors' ? shareRules : rules.filter(({ isCharted }) => isCharted)).map(
    ({ name }) => name,
  );
  return names.map(name => `${name}: ${number((100 * (accusing[name] ?? 0)) / duets, 2)}%`).join(', ');
}
