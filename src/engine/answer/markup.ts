import { createRequire } from 'node:module';
import { problem } from '../../model/error.ts';
import { fieldValues } from './head-fields.ts';

const require = createRequire(import.meta.url);

type Htmlparser = typeof import('htmlparser2');
type CssSelect = typeof import('css-select');
type Markup = ReturnType<Htmlparser['parseDocument']>;
type Node = Markup['children'][number];
type Element = Extract<Node, { readonly attribs: unknown }>;

/** An answer as far as a selector reads it. */
interface MarkupAnswer {
  readonly head: string;
  readonly text: string;
}

/** Finds a text by a selector; undefined where there is none, and a text that says why nothing was looked for. */
export type MarkupSearch = (answer: MarkupAnswer) => { readonly value: string } | string | undefined;

/** More than any page has that is meant to be read. */
const mostLooked = 1_000_000;
const deepest = 256;

/** Several captures of one answer read it once. */
const known = new WeakMap<MarkupAnswer, Markup>();

/** Compiles a selector, which finds the text of the first element that it fits, or one of its attributes. */
export function markupSearch(select: string, attribute: string | undefined): MarkupSearch {
  const { compile, selectOne } = load<CssSelect>('css-select');
  const parser = load<Htmlparser>('htmlparser2');
  const queries = [false, true].map(xmlMode => compile(select, { xmlMode }));
  return answer => {
    if (answer.text.length > mostLooked) {
      return `a page of more than ${mostLooked.toLocaleString('en-US')} characters, which no selector looks at`;
    }
    const xmlMode = isXml(answer.head);
    // As a whole: of a list, css-select would look for each element within the others.
    const page = known.get(answer) ?? read(answer.text, xmlMode, parser);
    known.set(answer, page);
    const query = queries[xmlMode ? 1 : 0];
    const found = query && selectOne<Node, Element>(query, page, { xmlMode });
    if (!found) return undefined;
    if (attribute === undefined) return { value: parser.DomUtils.textContent(found).trim() };
    const value = Object.hasOwn(found.attribs, attribute) ? found.attribs[attribute] : undefined;
    return value === undefined ? undefined : { value };
  };
}

function isXml(head: string): boolean {
  const [type = ''] = fieldValues(head, 'content-type');
  return /[/+]xml\b/i.test(type) && !/html/i.test(type);
}

/** A page that is nested deeper than any is a `RangeError`, as a JSON answer that is. */
function read(text: string, xmlMode: boolean, { DomHandler, Parser }: Htmlparser): Markup {
  const handler = new DomHandler();
  let depth = 0;
  const parser = new Parser(
    {
      onparserinit: of => handler.onparserinit(of),
      onopentag(name, attributes) {
        depth += 1;
        if (depth > deepest) throw new RangeError('nested too deeply');
        handler.onopentag(name, attributes);
      },
      onclosetag() {
        depth -= 1;
        handler.onclosetag();
      },
      ontext: data => handler.ontext(data),
      oncdatastart: () => handler.oncdatastart(),
      oncdataend: () => handler.oncdataend(),
      onend: () => handler.onend(),
    },
    { xmlMode },
  );
  parser.end(text);
  return handler.root;
}

function load<Package>(name: string): Package {
  try {
    return require(name) as Package;
  } catch (cause) {
    throw problem(
      'package.not-installed',
      {
        found: `no package ${name} beside Plimsoll`,
        expected: 'css-select and htmlparser2, which read HTML and XML and do not come with Plimsoll',
        instead: 'npm install --save-dev css-select@7 htmlparser2@12',
      },
      { cause },
    );
  }
}
