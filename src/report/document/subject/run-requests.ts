import { analyse } from '../../../analysis/analysis.ts';
import type { Measurement } from '../../../model/run/record.ts';
import { counted, duration, none, number, span } from '../../../words/quantity-text.ts';
import { coverageText, driftText } from '../../words/drift-text.ts';
import { type Inline, line, name, prose } from '../../words/inline.ts';
import { errorsByKind, errorsOf } from '../../words/wording.ts';
import { type Block, folded, type Item, paragraph, type Section, section } from '../document.ts';
import { only } from '../placed.ts';
import { count, figure, left, nothing, right, table, textCell } from '../table.ts';

/** The most requests that are shown one by one, and on a screen. */
const mostSamples = 12;
const mostOnScreen = 5;
/** The most bodies that are shown. */
const mostBodies = 8;
/** The most checks that are shown. */
const mostChecks = 30;
/** The most operations that are named. */
const mostOperations = 10;

/** Answers by status, where not all of them are 2xx. */
export function statusSection(measurement: Measurement): readonly Section[] {
  const { statuses } = analyse(measurement).of({ kind: 'total' }).figures;
  const counts = Object.entries(statuses);
  if (counts.every(([status]) => status.startsWith('2'))) return [];
  const texts = counts.map(([status, count]) => `${status} × ${number(count)}`);
  return [section(paragraph([`Answers by status: ${texts.join(', ')}.`]))];
}

/** What went wrong, by kind, with samples. */
export function failureSection(measurement: Measurement): readonly Section[] {
  const { figures } = analyse(measurement).of({ kind: 'total' });
  const { failureSamples: samples } = measurement;
  if (figures.errors === 0 && samples.length === 0) return [];
  const [all, kinds] = [errorsOf(figures), errorsByKind(figures)];
  const [byKind, onScreen] =
    kinds === '' ? ['Of which kind is not known.', all] : [`By kind: ${kinds}.`, `${all}: ${kinds}`];
  const failures = folded(
    `Failures: ${all}`,
    ...(figures.errors > 0 ? [only('page', paragraph([byKind])), only('screen', paragraph([onScreen]))] : []),
    only('page', {
      ...table(
        ['endpoint', 'failure', 'during', 'due at', 'detail'].map(title => left(title)),
        samples.slice(0, mostSamples).map(({ endpoint, kind, phase, dueMs, detail }) => ({
          cells: [
            textCell(name(endpoint)),
            textCell(kind),
            textCell(phase),
            figure(span(dueMs), dueMs, 'ms'),
            textCell(name(detail)),
          ],
        })),
      ),
      omitted: Math.max(0, samples.length - mostSamples),
    }),
    {
      kind: 'entries',
      only: 'screen',
      entries: samples.slice(0, mostOnScreen).map(({ endpoint, kind, phase, detail }) => ({
        verdict: null,
        line: line`${kind} (${phase}) ${name(endpoint, 60)}: ${name(detail)}`,
        reason: null,
      })),
      omitted: 0,
      whole: null,
    },
  );
  return [figures.errors > 0 ? failures : only('page', failures), ...bodySection(samples)];
}

/** The starts of the bodies of failed answers: of each endpoint and kind, those that differ. */
function bodySection(samples: Measurement['failureSamples']): readonly Section[] {
  const seen = new Set<string>();
  const shown = samples.filter(({ endpoint, kind, status, body }) => {
    const key = JSON.stringify([endpoint, kind, status, body]);
    if (body === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  if (shown.length === 0) return [];
  const blocks = shown
    .slice(0, mostBodies)
    .flatMap(({ endpoint, kind, status, body = null }): readonly Block[] => [
      paragraph(
        line`${name(endpoint)}, ${kind}${status === null ? '' : ` ${status}`}${body === null ? ': a body that is not text' : ''}`,
      ),
      ...(body === null
        ? []
        : [{ kind: 'code', is: 'request', text: body.replaceAll('\r\n', '\n').trimEnd() } as const]),
    ]);
  return [only('page', folded('Failed answers: how their bodies begin', ...blocks))];
}

/** How often each check held; those that failed most first. */
export function checkSection({ checks = [] }: Measurement): readonly Section[] {
  if (checks.length === 0) return [];
  const failing = checks.filter(({ failed }) => failed > 0).length;
  const title =
    failing === 0 ? `Checks: all ${checks.length} passed` : `Checks: ${failing} of ${checks.length} failed`;
  const rows = [...checks]
    .sort((a, b) => b.failed - a.failed)
    .slice(0, mostChecks)
    .map(({ endpoint, check, passed, failed }) => ({
      cells: [textCell(name(endpoint)), textCell(name(check)), count(passed), count(failed)],
    }));
  const columns = [left('endpoint'), left('check'), right('passed'), right('failed')];
  const whole = folded(title, table(columns, rows));
  return [failing > 0 ? whole : only('page', whole)];
}

/** How the run compares with a description of its API: what is not as declared, and what nobody asked for. */
export function descriptionSection({
  description: found,
}: Pick<Measurement, 'description'>): readonly Section[] {
  if (found === undefined) return [];
  const { source, drifts, uncovered, undescribed, unchecked } = found;
  const names = (list: readonly string[]) => list.slice(0, mostOperations).map(one => line`${name(one)}`);
  const item = (text: string, items: readonly Inline[], all: number): readonly Item[] => {
    if (all === 0) return [];
    const more = all > items.length ? [[`and ${number(all - items.length)} more`]] : [];
    return [{ text: [`${text}: ${number(all)}`], items: [...items, ...more] }];
  };
  const drifted = drifts
    .slice(0, mostOperations)
    .map(drift => line`${driftText(drift)} (${counted(drift.answers, 'answer')})`);
  const reasons = unchecked
    .slice(0, mostOperations)
    .map(({ operation, reason }) => line`${name(operation)}: ${prose(reason)}`);
  return [
    section(paragraph(line`${name(source)}: ${coverageText(found)}.`), {
      kind: 'list',
      style: 'points',
      items: [
        ...item('Answers that are not as declared', drifted, drifts.length),
        ...item('Operations that this scenario does not load', names(uncovered), uncovered.length),
        ...item('Endpoints that the description does not have', names(undescribed), undescribed.length),
        ...item('Bodies that could not be checked', reasons, unchecked.length),
      ],
    }),
  ];
}

/** The requests that took longest. */
export function slowestSection({ slowest }: Measurement): readonly Section[] {
  const [first] = slowest;
  if (!first) return [];
  const rows = slowest.slice(0, mostSamples).map(request => ({
    cells: [
      textCell(name(request.endpoint)),
      figure(duration(request.responseMs), request.responseMs, 'ms'),
      figure(request.serviceMs === null ? none : duration(request.serviceMs), request.serviceMs, 'ms'),
      figure(span(request.dueMs), request.dueMs, 'ms'),
      textCell(request.status === null ? 'no answer' : String(request.status)),
      request.requestId === null ? nothing : textCell(name(request.requestId)),
    ],
  }));
  const columns = [
    left('endpoint'),
    right('response'),
    right('service'),
    right('due at'),
    left('status'),
    left('request id'),
  ];
  return [
    only('page', folded(`Slowest requests: up to ${duration(first.responseMs)}`, table(columns, rows))),
  ];
}
