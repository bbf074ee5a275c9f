import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { PlimsollError, problem } from '../../model/error.ts';
import { exactNumber } from './number-text.ts';
import { type Path, type Position, placeInFile, type SourceDocument, valueAt } from './place.ts';
import { isBracedName, unquotedTemplates } from './unquoted.ts';

type YamlDocument = ReturnType<typeof parseDocument>;

/** Aliases may be resolved this often, so that a few lines cannot unfold into millions of values. */
const maxAliases = 100;
/** What aliases unfold a file into may hold so many values. */
const maxValues = 1_000_000;

/** Reads one YAML document; every mistake in it is an error with line and column. */
export function readYaml(text: string, file: string): SourceDocument {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const syntax = (offset: number | undefined, found: string, instead?: string): PlimsollError =>
    problem('file.syntax', {
      where: placeInFile(file, offset === undefined ? undefined : at(offset)),
      found,
      ...(instead === undefined ? {} : { instead }),
    });

  let document: YamlDocument;
  try {
    document = parse(text, lines);
  } catch (cause) {
    throw problem('file.syntax', { where: file, found: messageOf(cause) }, { cause });
  }
  const unquoted = isBroken(document) ? unquotedTemplates(text, source => isBroken(parse(source))) : [];
  if (unquoted.length > 0) {
    throw new PlimsollError(
      unquoted.map(({ position, found, instead }) => ({
        code: 'template.unquoted',
        where: placeInFile(file, position),
        found,
        instead,
      })),
    );
  }
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake !== undefined) {
    throw syntax(mistake.pos[0], inWords(mistake.code, mistake.message), remedies[mistake.code]);
  }
  const unusable = unusablePart(document);
  if (unusable !== undefined) throw syntax(unusable.offset, unusable.found, unusable.instead);
  keepExactKeys(document);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    throw problem('file.syntax', { where: file, found: messageOf(cause) }, { cause });
  }
  if (unfoldedSize(value) > maxValues) {
    const found = `aliases that unfold into more than ${maxValues} values`;
    throw problem('file.syntax', { where: file, found, instead: 'a data file, which steps draw from' });
  }
  const exact = exactNumbers(document);
  return {
    file,
    value,
    locate: path => locate(document, path, at),
    exactNumber: path => {
      const found = exact === undefined ? undefined : valueAt(exact, path);
      return found instanceof ExactNumber ? found.text : undefined;
    },
  };
}

/** Stands in a document for a number that a double cannot say. */
class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Keys that are numbers become text, as it stands there: two ids must not become one key. */
function keepExactKeys(document: YamlDocument): void {
  visit(document, {
    Scalar: (key, scalar) => {
      if (key !== 'key' || typeof scalar.value !== 'number' || scalar.source === undefined) return;
      scalar.value = exactNumber(scalar.source, scalar.value) ?? scalar.value;
    },
  });
}

/** The value of a document with its exact numbers in it; undefined where it has none. Leaves none of them as they were. */
function exactNumbers(document: YamlDocument): unknown {
  let any = false;
  visit(document, {
    Scalar: (key, scalar) => {
      if (key === 'key' || typeof scalar.value !== 'number' || scalar.source === undefined) return;
      const text = exactNumber(scalar.source, scalar.value);
      if (text === undefined) return;
      scalar.value = new ExactNumber(text);
      any = true;
    },
  });
  return any ? document.toJS({ maxAliasCount: maxAliases }) : undefined;
}

/** How many values there are where each alias stands for all that it repeats; what is repeated is counted once only. */
function unfoldedSize(value: unknown, known = new Map<object, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const size =
    known.get(value) ??
    Object.values(value).reduce((sum: number, item: unknown) => sum + unfoldedSize(item, known), 1);
  known.set(value, size);
  return size;
}

function parse(text: string, lineCounter?: LineCounter): YamlDocument {
  return parseDocument(text, {
    prettyErrors: false,
    merge: true,
    ...(lineCounter === undefined ? {} : { lineCounter }),
  });
}

/** Whether the text is no YAML, or holds `{{x}}`, which YAML reads as a map whose key is a map. */
function isBroken(document: YamlDocument): boolean {
  if (document.errors.length > 0) return true;
  let braced = false;
  visit(document, {
    Map: (_, map) => {
      braced ||= map.items.some(pair => isBracedName(pair));
      return braced ? visit.BREAK : undefined;
    },
  });
  return braced;
}

interface UnusablePart {
  readonly offset: number | undefined;
  readonly found: string;
  readonly instead: string;
}

/** The first thing that is YAML, but nothing that a file of settings can hold. */
function unusablePart(document: YamlDocument): UnusablePart | undefined {
  let unusable: UnusablePart | undefined;
  visit(document, {
    Alias: (_, alias, path) => {
      const meant = alias.resolve(document);
      if (meant !== undefined && path.includes(meant)) {
        const instead = 'the values themselves, or an alias beside what it repeats';
        unusable = {
          offset: alias.range?.[0],
          found: `*${alias.source} inside of &${alias.source}`,
          instead,
        };
        return visit.BREAK;
      }
      if (meant !== undefined) return undefined;
      const instead = `&${alias.source} at the value meant, which must come first`;
      unusable = { offset: alias.range?.[0], found: `*${alias.source}, which refers to nothing`, instead };
      return visit.BREAK;
    },
    Pair: (_, { key }) => {
      const isName = isScalar(key) && key.value !== '__proto__';
      if (isName || isAlias(key) || key === null) return undefined;
      const found = isScalar(key) ? 'the key __proto__' : `a ${isMap(key) ? 'map' : 'list'} as a key`;
      unusable = { offset: (key as Node).range?.[0], found, instead: 'a plain name as the key' };
      return visit.BREAK;
    },
  });
  return unusable;
}

/** The place of the value at a path: that of its key in a map, of the item in a list. */
function locate(document: YamlDocument, path: Path, at: (offset: number) => Position): Position | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: Node | null | undefined;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(part),
      );
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset;
      next = pair?.value as Node | null | undefined;
    } else if (isSeq(node) && typeof part === 'number') {
      next = node.items[part] as Node | undefined;
      offset = next?.range?.[0] ?? offset;
    }
    if (next === undefined || next === null) break;
    node = next;
  }
  return offset === undefined ? undefined : at(offset);
}

const remedies: { readonly [code: string]: string } = {
  BLOCK_AS_IMPLICIT_KEY: 'quotes around a value that holds ": ", or the same indentation as the line above',
  TAB_AS_INDENT: 'spaces',
  DUPLICATE_KEY: 'each key once',
  MULTIPLE_DOCS: 'one file for each document',
  TAG_RESOLVE_FAILED: 'the plain value without a tag',
};

const words: { readonly [code: string]: string } = {
  BLOCK_AS_IMPLICIT_KEY: 'a second "key: value" where a value is expected',
  TAB_AS_INDENT: 'a tab as indentation',
  DUPLICATE_KEY: 'a key that the same map already has',
  MULTIPLE_DOCS: 'a second document after ---',
};

function inWords(code: string, message: string): string {
  return words[code] ?? shortMessage(message);
}

function shortMessage(message: string): string {
  if (message.includes('alias count')) return `more than ${maxAliases} aliases`;
  if (message.includes('call stack')) return 'lists or maps nested too deeply';
  return message.split('\n')[0] ?? message;
}

function messageOf(cause: unknown): string {
  return shortMessage(cause instanceof Error ? cause.message : String(cause));
}
