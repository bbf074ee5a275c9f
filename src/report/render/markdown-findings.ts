import { isClustered } from '../../model/judgement/evidence.ts';
import type { Finding, Verdict } from '../../model/judgement/verdict.ts';
import { markdownCode, markdownText } from '../../safety/untrusted-text.ts';
import { number, percent, range } from '../../words/quantity-text.ts';
import { worthText } from '../words/reasons/finding-reason.ts';
import type { Voice } from '../words/sentence.ts';
import { isFirm, limitText, observedText, scopeText } from '../words/wording.ts';
import { table } from './markdown-blocks.ts';

/** A sign for each verdict that GitHub shows in colour; the word always stands beside it. */
export const markdownSigns: { readonly [verdict in Verdict]: string } = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  invalid: '⛔',
};

/** How untrusted text is shown in Markdown. */
export const markdownVoice: Voice = { name: text => markdownCode(text), prose: text => markdownText(text) };

/** A sentence that begins with its verdict, with the verdict's sign and in bold. */
export function verdictLine(verdict: Verdict, text: string): string {
  const word = verdict.toUpperCase();
  return `${markdownSigns[verdict]} **${word}**${text.slice(word.length)}`;
}

/** Findings as a table, with the samples that each rests on. */
export function findingsTable(findings: readonly Finding[]): string {
  const confidence = findings.find(({ interval }) => interval !== null)?.interval?.confidence;
  return table(
    [
      { title: 'endpoint' },
      { title: 'metric' },
      { title: 'observed', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: confidence === undefined ? 'interval' : `${percent(confidence)} interval`, align: 'right' },
      { title: 'samples', align: 'right' },
      { title: 'verdict' },
    ],
    findings.map(finding => [
      scopeText(finding.scope, markdownCode),
      finding.metric.name,
      finding.status === 'fail' ? `**${observedText(finding)}**` : observedText(finding),
      limitText(finding),
      range(finding.interval, finding.metric.unit),
      samplesText(finding),
      `${markdownSigns[finding.status]} ${finding.status}${isFirm(finding) ? '' : ', not firm'}`,
    ]),
  );
}

/** How many samples, and how many independent ones they are worth where they come in clusters. */
function samplesText({ evidence }: Finding): string {
  const samples = number(evidence.samples);
  return isClustered(evidence) ? `${samples}, ${worthText(evidence)}` : samples;
}
