import type { Exchange, OnceRun } from '../../../model/run/exchange.ts';
import { counted, duration, number } from '../../../words/quantity-text.ts';
import { onceSummaryOf } from '../../summary/once-summary.ts';
import { type Inline, line, name, prose } from '../../words/inline.ts';
import { type Document, paragraph, type Section, section, type Title, title } from '../document.ts';
import { descriptionSection } from './run-requests.ts';

/** Each step of some scenarios, sent once: what was asked and what was answered. */
export function onceDocument(runs: readonly OnceRun[]): Document {
  const [only] = runs;
  const isAlone = only !== undefined && runs.length === 1;
  const failed = runs.reduce((sum, run) => sum + failures(run), 0);
  const unsent = runs.reduce((sum, run) => sum + run.unsent, 0);
  const all = runs.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  return {
    subject: 'once',
    sentence: isAlone
      ? titleOf(only)
      : title([`${counted(runs.length, 'scenario')}: ${outcome(all, failed, unsent)}`]),
    parts: runs.map(run => ({
      heading: isAlone ? null : { name: name(run.scenario, 60), sentence: null },
      sections: [
        ...run.exchanges.map((exchange, index) => sectionOf(exchange, run.exchanges[index - 1])),
        ...descriptionSection(run),
      ],
    })),
    summary: onceSummaryOf(runs),
  };
}

const failures = ({ exchanges }: OnceRun) =>
  exchanges.filter(({ failure, answer }) => failure !== null || answer === null).length;

function titleOf(run: OnceRun): Title {
  return title(
    line`${name(run.scenario)} → ${name(run.target)}: ${outcome(run.exchanges.length, failures(run), run.unsent)}`,
  );
}

function outcome(sent: number, failed: number, unsent: number): string {
  const held = failed === 0 ? 'all as expected' : `${number(failed)} not as expected`;
  const rest = unsent === 0 ? '' : `; ${counted(unsent, 'request')} not sent`;
  return `${counted(sent, 'request')} sent once, ${held}${rest}`;
}

function sectionOf(exchange: Exchange, before: Exchange | undefined): Section {
  const { journey, step, endpoint, request, answer, serviceMs, captured } = exchange;
  const isOther = before === undefined || before.journey !== journey;
  const took = serviceMs === null ? '' : ` in ${duration(serviceMs)}`;
  const what = answer === null ? 'no answer' : `${answer.status}${took}, ${number(answer.bytes)} bytes`;
  const verdict = verdictOf(exchange);
  return section(
    ...(isOther ? [paragraph(line`journey ${name(journey)}`)] : []),
    paragraph(line`step ${step}, ${name(endpoint)}: ${what}`),
    ...(request === '' ? [] : [code(request)]),
    ...(answer === null ? [] : [paragraph(['answer']), code(textOf(answer))]),
    {
      kind: 'list',
      style: 'points',
      items: [
        verdict,
        ...streamLines(exchange),
        ...captured.map(one => line`captured ${name(one.name)} = ${prose(one.value)}`),
      ].map(text => ({ text })),
    },
  );
}

function streamLines({ stream }: Exchange): readonly Inline[] {
  if (stream === undefined) return [];
  const { events, firstMs, longestGapMs } = stream;
  if (firstMs === null) return [['no event']];
  const gap = events > 1 ? `, longest gap ${duration(longestGapMs)}` : '';
  return [[`${counted(events, 'event')}, the first after ${duration(firstMs)}${gap}`]];
}

function verdictOf({ failure, answer }: Exchange): Inline {
  if (failure !== null) return line`✗ ${failure.kind}: ${prose(failure.detail, 2_000)}`;
  return [answer === null ? '– interrupted before the answer came' : '✓ as expected'];
}

function textOf({ head, body }: NonNullable<Exchange['answer']>): string {
  if (head === '' && body === null) return '(a stream that was left before its end)';
  return `${head}\n\n${body ?? '(a body that is no text, or is over 64 KiB)'}`;
}

function code(text: string) {
  return { kind: 'code', is: 'request', text: text.replaceAll('\r\n', '\n').trimEnd() } as const;
}
