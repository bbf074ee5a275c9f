import { counted, number, percent } from '../model/quantity-text.ts';
import type { RegressionFinding } from '../model/regression.ts';
import type { Judgement } from '../model/verdict.ts';
import { baselineSentence } from './baseline-sentence.ts';
import { markdownCode, markdownText } from './foreign-text.ts';
import { folded, table } from './markdown-blocks.ts';
import { markdownSigns } from './markdown-findings.ts';
import {
  baselineText,
  countedVerdicts,
  headText,
  qualifiers,
  regressionsOfNote,
  shownChange,
  shownRange,
} from './regression-wording.ts';
import { scopeText } from './wording.ts';

const mostNoted = 50;
const mostRows = 200;

/** The regressions that are no pass: table and reasons, and how strong the evidence is; nothing where there are none. */
export function notedRegressions(judgement: Judgement): readonly string[] {
  const noted = regressionsOfNote(judgement);
  if (noted.length === 0) return [];
  const shown = noted.slice(0, mostNoted);
  return [
    regressionTable(shown),
    shown.map(reasonOf).join('\n'),
    noted.length > mostNoted ? `and ${number(noted.length - mostNoted)} more` : '',
    evidenceOf(judgement),
  ];
}

/** Everything that was compared, folded. */
export function comparedSection(judgement: Judgement): string {
  const { comparison } = judgement;
  if (comparison.state !== 'compared') return '';
  const { findings } = comparison;
  return folded(
    `Compared with ${counted(runsOf(comparison.basis), 'earlier run')}: ${countedVerdicts(findings) || 'nothing in common'}`,
    regressionTable(findings.slice(0, mostRows)),
    findings.length > mostRows ? `and ${number(findings.length - mostRows)} more` : '',
    evidenceOf(judgement),
  );
}

function evidenceOf({ comparison }: Judgement): string {
  if (comparison.state !== 'compared') return '';
  return [baselineSentence(comparison.selection), ...comparison.notes]
    .map(note => `- ${markdownText(note, 2_000)}`)
    .join('\n');
}

function runsOf(basis: RegressionFinding['basis']): number {
  if (basis.kind === 'unlike') return 1;
  return basis.kind === 'fewRuns' ? basis.others.length + 1 : basis.runs.length;
}

function regressionTable(findings: readonly RegressionFinding[]): string {
  const confidence = findings.find(({ change }) => change?.interval)?.change?.interval?.confidence;
  return table(
    [
      { title: 'endpoint' },
      { title: 'metric' },
      { title: 'base', align: 'right' },
      { title: 'head', align: 'right' },
      { title: 'change', align: 'right' },
      { title: confidence === undefined ? 'interval' : `${percent(confidence)} interval`, align: 'right' },
      { title: 'samples', align: 'right' },
      { title: 'verdict' },
    ],
    findings.map(finding => [
      scopeText(finding.scope, markdownCode),
      finding.metric.name,
      baselineText(finding),
      finding.status === 'fail' ? `**${headText(finding)}**` : headText(finding),
      shownChange(finding),
      shownRange(finding),
      number(finding.samples),
      `${markdownSigns[finding.status]} ${verdictText(finding)}`,
    ]),
  );
}

function verdictText(finding: RegressionFinding): string {
  const words = qualifiers.filter(({ holds }) => holds(finding)).map(({ word }) => word);
  return [finding.status, ...words].join(', ');
}

function reasonOf({ scope, reason }: RegressionFinding): string {
  return `- ${scopeText(scope, markdownCode)}: ${markdownText(reason, 600)}`;
}
