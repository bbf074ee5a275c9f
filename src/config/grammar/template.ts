import { problem } from '../../model/error.ts';
import { generatorUses, isNumeric } from '../../model/run/generator.ts';
import {
  type DataSet,
  type Expression,
  type Filter,
  filters,
  type Template,
} from '../../model/run/scenario.ts';
import { nearest } from '../../words/nearest.ts';
import { parseGenerator } from './generator.ts';

/** What a template may refer to at its place in a journey. */
export interface Names {
  readonly sets: readonly DataSet[];
  /** Data sets that could not be read: a reference to one of them fills nothing, and is no mistake of its own. */
  readonly unread: ReadonlySet<string>;
  /** Slots of the captures of earlier steps. */
  readonly captures: ReadonlyMap<string, number>;
  /** Captures that come too late for this step. */
  readonly later: ReadonlySet<string>;
}

/** A template without holes. */
export function literal(text: string): Template {
  return { literals: [text], expressions: [] };
}

/** Templates and texts, one after another. */
export function concatenated(parts: readonly (string | Template)[]): Template {
  const literals = [''];
  const expressions: Expression[] = [];
  for (const part of parts) {
    const [first = '', ...rest] = typeof part === 'string' ? [part] : part.literals;
    literals.push((literals.pop() ?? '') + first, ...rest);
    if (typeof part !== 'string') expressions.push(...part.expressions);
  }
  return { literals, expressions };
}

/*
 *   template   ::= { character | "{{" reference { "|" filter } "}}" }
 *   reference  ::= capture | set "." column | generator           spaces around it are allowed
 *   filter     ::= "json" | "urlencode" | "base64"
 *   column     ::= everything after the first dot
 */
const hole = /\{\{(.*?)\}\}/gs;

/** Reads a template; a hole that nothing can fill is `template.unknown-name`, with what exists. */
export function parseTemplate(text: string, names: Names): Template {
  const literals: string[] = [];
  const expressions: Expression[] = [];
  let end = 0;
  for (const match of text.matchAll(hole)) {
    literals.push(text.slice(end, match.index));
    expressions.push(resolve((match[1] ?? '').trim(), names));
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  if (rest.includes('{{')) {
    const found = rest.slice(rest.indexOf('{{')).slice(0, 40);
    throw problem('template.unclosed', { found: JSON.stringify(found), expected: '}} after each {{' });
  }
  return { literals: [...literals, rest], expressions };
}

/**
 * The template of a JSON body in which a hole that is a whole string loses its quotes, if it may be filled with anything but
 * text: a number stays a number. What the text holds between tokens must be nothing, as `JSON.stringify` writes it.
 */
export function withWholeValues({ literals, expressions }: Template, sets: Names['sets']): Template {
  const texts = [...literals];
  const filled = expressions.map((expression, index): Expression => {
    const before = texts[index] ?? '';
    const after = texts[index + 1] ?? '';
    // A quote within a string has a backslash in front, and behind a key comes a colon.
    const isWhole = /(?:^|[^\\])"$/.test(before) && /^"(?!:)/.test(after);
    if (!isWhole || expression.whole === true || expression.filters !== undefined) return expression;
    if (expression.kind === 'data' && !isTyped(expression, sets)) return expression;
    if (expression.kind === 'generated' && !isNumeric(expression.generator)) return expression;
    texts[index] = before.slice(0, -1);
    texts[index + 1] = after.slice(1);
    return { ...expression, whole: true };
  });
  return { literals: texts, expressions: filled };
}

function isTyped({ set, column }: Extract<Expression, { kind: 'data' }>, sets: Names['sets']): boolean {
  const from = sets[set];
  return from?.ofSetup ?? from?.typed?.some(row => row[column]) ?? false;
}

/** A column may have any name: what is one as a whole has no filters. */
function resolve(written: string, names: Names): Expression {
  const whole = named(written, names);
  if (whole !== undefined) return whole;
  const [reference = '', ...asked] = written.split('|').map(part => part.trim());
  const found = named(reference, names) ?? made(reference);
  if (found === undefined) throw unresolved(reference, names);
  const read = asked.map(name => filterNamed(name, written));
  const isJson = read.includes('json');
  const rest = read.filter(filter => filter !== 'json');
  if (read.indexOf('json') > 0) throw misplaced(written);
  return {
    ...found,
    ...(isJson ? { whole: true } : {}),
    ...(rest.length === 0 ? {} : { filters: rest }),
  };
}

/** A capture or a column of the same name comes first. */
function made(reference: string): Expression | undefined {
  const generator = parseGenerator(reference);
  return generator && { kind: 'generated', generator };
}

function filterNamed(name: string, written: string): Filter {
  const filter = filters.find(known => known === name);
  if (filter !== undefined) return filter;
  const near = nearest(name, filters);
  throw problem('template.unknown-filter', {
    found: `{{${written}}}`,
    expected: `one of the filters ${filters.join(', ')}`,
    ...(near === undefined ? {} : { instead: `| ${near}` }),
  });
}

/** JSON of what was made of a value says nothing of the value's type any more. */
function misplaced(written: string) {
  return problem('template.unknown-filter', {
    found: `{{${written}}}`,
    expected: 'json as the first filter',
  });
}

function named(reference: string, names: Names): Expression | undefined {
  const dot = reference.indexOf('.');
  if (dot < 0) {
    const slot = names.captures.get(reference);
    if (slot !== undefined) return { kind: 'capture', slot };
    const set = names.sets.findIndex(({ ofSetup }) => ofSetup);
    const column = names.sets[set]?.columns.indexOf(reference) ?? -1;
    if (column >= 0) return { kind: 'data', set, column };
    return reference === 'iteration' ? { kind: 'iteration' } : undefined;
  }
  const name = reference.slice(0, dot);
  if (names.unread.has(name)) return { kind: 'data', set: -1, column: -1 };
  const set = names.sets.findIndex(
    candidate => candidate.name === name && !candidate.ofSetup && !candidate.ofSecrets,
  );
  const column = names.sets[set]?.columns.indexOf(reference.slice(dot + 1)) ?? -1;
  return column < 0 ? undefined : { kind: 'data', set, column };
}

function unresolved(reference: string, { sets, unread, captures, later }: Names) {
  const columns = sets
    .filter(({ ofSecrets }) => !ofSecrets)
    .flatMap(set => set.columns.map(column => (set.ofSetup ? column : `${set.name}.${column}`)));
  const existing = [...captures.keys(), ...columns];
  const isLater = later.has(reference);
  const near =
    nearest(reference, existing) ?? (isLater ? undefined : nearest(reference, Object.keys(generatorUses)));
  const known = [...existing, ...[...unread].map(name => `${name}.…`)];
  return problem('template.unknown-name', {
    found: `{{${reference}}}`,
    expected: isLater
      ? `a value that an earlier step captured: ${reference} is captured only by this step or a later one`
      : known.length > 0
        ? `one of ${known.join(', ')}`
        : `a generator such as ${Object.values(generatorUses).slice(0, 2).join(' or ')}: there are no data sets and no earlier captures`,
    ...(near === undefined ? {} : { instead: `{{${isGenerator(near) ? generatorUses[near] : near}}}` }),
  });
}

const isGenerator = (name: string): name is keyof typeof generatorUses => Object.hasOwn(generatorUses, name);
