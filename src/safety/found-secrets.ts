import type { CaptureSource, DataSet, Expression, Journey } from '../model/run/scenario.ts';
import { secretsOfSigning } from '../model/run/signing.ts';
import { isSecretName, secretsInPath } from './secret.ts';

/** So many different values of columns are known for secrets: each is looked for in every text that is kept. */
const mostValues = 50_000;

/** A number that is named like a secret is one from this length on; a shorter one is a count. */
const shortestNumber = 6;

/** A name in front of a hole is not longer. */
const longestName = 200;

/** The secrets in a value of JSON: each text, and each long number, that is or stands below a member named like one. */
export function secretsInJson(value: unknown, isSecret = false): readonly string[] {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (typeof value === 'number') return isSecret && `${value}`.length >= shortestNumber ? [`${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(one => secretsInJson(one, isSecret));
  return Object.entries(value).flatMap(([name, inner]) =>
    secretsInJson(inner, isSecret || isSecretName(name)),
  );
}

/** The secrets in a request's body, as JSON or as a form. */
export function secretsInBody(body: string): readonly string[] {
  try {
    return secretsInJson(JSON.parse(body));
  } catch {
    return body
      .split(/[\r\n]+/)
      .flatMap(line => secretsInPath(`?${line.trim()}`))
      .flatMap(value => [value, decodedForm(value)]);
  }
}

function decodedForm(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

/** The secrets in a shell command: variables and flags that are named like one. */
export function secretsInCommand(command: string): readonly string[] {
  const words = command.split(/\s+/).map(word => word.replaceAll(/["']/g, ''));
  return words.flatMap((word, index) => {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    if (!isSecretName(name)) return [];
    if (at >= 0) return [word.slice(at + 1)];
    return word.startsWith('-') ? words.slice(index + 1, index + 2) : [];
  });
}

/** Whether what fills a hole is a secret by what stands in front of it: `?token=`, `"password":"`, a header's name. */
function isNamedSecret(literal: string): boolean {
  const part = /; name="([^"]{1,100})"\r\n\r\n$/.exec(literal.slice(-longestName))?.[1];
  if (part !== undefined) return isSecretName(part);
  const ending = literal.slice(-longestName).trimEnd();
  const mark = ending
    .replace(/(?:basic|bearer|token)$/i, '')
    .trimEnd()
    .replace(/["']$/, '')
    .trimEnd();
  if (!/[=:]$/.test(mark)) return false;
  const name = mark
    .slice(0, -1)
    .trimEnd()
    .replace(/["']$/, '')
    .split(/[^\w.%-]/)
    .at(-1);
  return name !== undefined && isSecretName(name);
}

/** What fills the holes of a journey that are named like secrets. */
function secretHoles({ steps }: Journey): readonly Expression[] {
  return steps.flatMap(step => {
    if (step.kind !== 'request') return [];
    const headers = step.headers.map(({ name, value }) => ({ before: `${name}: `, template: value }));
    const parts = [{ before: '', template: step.path }, ...headers];
    if (step.body !== null) parts.push({ before: '', template: step.body.template });
    const named = parts.flatMap(({ before, template: { literals, expressions } }) =>
      expressions.filter((_, hole) => {
        const isSecretHeader = before !== '' && isNamedSecret(before);
        return isSecretHeader || isNamedSecret(literals[hole] ?? '');
      }),
    );
    const keys = step.signing === undefined ? [] : secretsOfSigning(step.signing);
    return [...named, ...keys.flatMap(({ expressions }) => expressions)].flatMap(hole =>
      hole.kind === 'joined' ? hole.template.expressions : [hole],
    );
  });
}

/** The slots of a journey's captures that are secrets: by name, by the members that they come from, or by where they go. */
export function secretSlots(journey: Journey): ReadonlySet<number> {
  const captures = journey.steps.flatMap(step => (step.kind === 'request' ? step.captures : []));
  const named = captures.filter(
    capture => 'cookie' in capture || [capture.name, ...namesOf(capture)].some(isSecretName),
  );
  const used = secretHoles(journey).flatMap(hole => (hole.kind === 'capture' ? [hole.slot] : []));
  return new Set([...named.map(({ slot }) => slot), ...used]);
}

/** The names by which a captured value is known in its answer. */
function namesOf(source: CaptureSource): readonly string[] {
  if ('path' in source) return source.path.map(String);
  if ('query' in source) return source.query.split(/[^\w-]+/);
  if ('select' in source) return [...source.select.split(/[^\w-]+/), source.attribute ?? ''];
  return 'header' in source ? [source.header] : [];
}

/** The secrets in data: the values of columns that are named like secrets, or that go where secrets do. */
export function secretsInData(data: readonly DataSet[], journeys: readonly Journey[]): readonly string[] {
  const used = journeys.flatMap(secretHoles);
  const values = new Set<string>();
  for (const [set, { columns, rows, typed }] of data.entries()) {
    for (const [column, name] of columns.entries()) {
      const goesThere = used.some(hole => hole.kind === 'data' && hole.set === set && hole.column === column);
      const isSecret = isSecretName(name) || goesThere;
      for (const [row, cells] of rows.entries()) {
        if (values.size >= mostValues) return [...values];
        const cell = cells[column] ?? '';
        const isJson = typed?.[row]?.[column] === true;
        const found = isJson ? secretsInJson(JSON.parse(cell || 'null'), isSecret) : isSecret ? [cell] : [];
        for (const value of found) values.add(value);
      }
    }
  }
  return [...values];
}
