import type * as z from 'zod';
import type { Problem } from '../../model/error.ts';
import type { ErrorCode } from '../../model/error-table.ts';
import { nearest } from '../../words/nearest.ts';
import { inWords } from '../../words/value-text.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../source/place.ts';
import type { FieldProblem } from './field.ts';

type Issue = z.core.$ZodIssue;

/** A problem with the path to the value that has it. */
interface Placed extends FieldProblem {
  readonly path: Path;
  /** True where the value as a whole would tell nothing. */
  readonly hidesFound?: boolean;
}

/** What a section says of its keys in the message of an unknown one. */
interface Keys {
  readonly keys: readonly string[];
  readonly aside: { readonly [key: string]: string };
}

/**
 * Every issue of a schema as a problem, in the order of the file. `value` is what the schema read; the document
 * says how it was written, which is what people are shown.
 */
export function problemsFromZod(
  error: z.ZodError,
  document: SourceDocument,
  value: unknown = document.value,
): readonly (Problem & { readonly path: Path })[] {
  const placed = withoutEchoes(error.issues.flatMap(issue => fromIssue(issue, value)));
  return placed
    .map(found => ({ ...found, position: document.locate(found.path) }))
    .sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0))
    .map(({ position: _position, hidesFound, ...details }) => {
      const written = valueAt(document.value, details.path);
      const hidden = isUnknownKey(details) || hidesFound === true || isNothing(written);
      const where = placeOf(document, details.path);
      // A number that a double says in another way is shown as it stands there, also in the advice.
      const exact = typeof written === 'number' ? document.exactNumber(details.path) : undefined;
      const found = exact ?? inWords(written);
      const instead =
        exact === undefined ? details.instead : details.instead?.replaceAll(String(written), exact);
      return {
        ...(hidden ? {} : { found }),
        ...details,
        ...(instead === undefined ? {} : { instead }),
        where,
      };
    });
}

function fromIssue(issue: Issue, value: unknown, above: Path = []): readonly Placed[] {
  const path = [...above, ...issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'invalid_union') return fromUnion(issue, value, path);
  if (issue.code === 'invalid_key') {
    const found = JSON.stringify(path.at(-1));
    return issue.issues.flatMap(inner => fromIssue(inner, value, path)).map(placed => ({ ...placed, found }));
  }
  if (issue.code === 'unrecognized_keys') {
    const { keys, aside } = JSON.parse(issue.message) as Keys;
    return issue.keys.map(key => unknownKey(key, keys, aside, path));
  }
  const known = issue.code === 'custom' ? (issue.params?.problem as FieldProblem | undefined) : undefined;
  if (known !== undefined) return [{ ...known, path }];
  const found = valueAt(value, path);
  const code = isNothing(found) ? 'value.missing' : 'value.invalid';
  const hidesFound = issue.code === 'custom' && typeof found === 'object';
  return [{ code, path, expected: issue.message, hidesFound }];
}

function unknownKey(key: string, keys: readonly string[], aside: Keys['aside'], path: Path): Placed {
  const hint = Object.hasOwn(aside, key) ? aside[key] : undefined;
  const isRequestLine = keys.includes('request') && /^[A-Z]+ \//.test(key);
  const instead = hint ?? (isRequestLine ? `request: ${key}` : nearest(key, keys));
  return {
    code: 'value.unknown-key',
    path: [...path, key],
    expected: keys.join(', '),
    ...(instead === undefined ? {} : { instead }),
  };
}

/** The problems of that one alternative to which the value comes closest. */
function fromUnion(issue: Issue & { code: 'invalid_union' }, value: unknown, path: Path): readonly Placed[] {
  const written = valueAt(value, path);
  const [closest] = issue.errors
    .filter(issues => !issues.some(inner => isOfAnotherKind(inner, written)))
    .map(issues => withoutEchoes(issues.flatMap(inner => fromIssue(inner, value, path))))
    .map(problems => ({ problems, distance: problems.reduce((sum, one) => sum + weight(one, path), 0) }))
    .sort((a, b) => a.distance - b.distance);
  if (closest !== undefined) return closest.problems;
  return [{ code: isNothing(written) ? 'value.missing' : 'value.invalid', path, expected: issue.message }];
}

/** The codes of a number with or without its unit, which may be text or not. */
const quantities: readonly ErrorCode[] = ['value.invalid-quantity', 'value.out-of-range'];

/** Whether a key has no meaning where it stands, so that its value tells nothing. */
function isUnknownKey({ code }: Pick<Placed, 'code'>): boolean {
  return code === 'value.unknown-key' || code === 'budgets.unknown-metric';
}

/** Whether an issue says that the value is text where a map is read, or a map where text is read. */
function isOfAnotherKind(issue: Issue, written: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type') return true;
  const { code } = (issue.code === 'custom' ? issue.params?.problem : undefined) ?? {};
  return code !== undefined && !quantities.includes(code) && typeof written !== 'string';
}

/** How much a problem speaks against the alternative in which it was found. */
function weight({ code, path, instead }: Placed, union: Path): number {
  const isOwnKey = path.length === union.length + 1;
  if (isOwnKey && path.at(-1) === 'model' && code === 'value.invalid') return 100;
  // However much is wrong within a key, it is that key that was meant.
  if (!isOwnKey) return 0.1;
  if (isUnknownKey({ code })) return instead === undefined ? 3 : 1;
  return 2;
}

/**
 * Without what an unknown key makes superfluous: the key that is missing because it is misspelt, whatever is wrong with the
 * value of a key that nothing reads, and what the map as a whole lacks.
 */
function withoutEchoes(placed: readonly Placed[]): readonly Placed[] {
  const unknown = placed.filter(isUnknownKey);
  return placed.filter(
    problem =>
      isUnknownKey(problem) ||
      !unknown.some(({ path, instead }) => {
        const meant = [...path.slice(0, -1), instead?.split(':', 1)[0] ?? ''];
        return (
          isWithin(problem.path, path) ||
          (problem.path.length === path.length - 1 && isWithin(path, problem.path)) ||
          (problem.code === 'value.missing' && isWithin(problem.path, meant))
        );
      }),
  );
}

/** Whether a path is another one, or leads further into it. */
export function isWithin(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
