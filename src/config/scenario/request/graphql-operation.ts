import { problem } from '../../../model/error.ts';
import { nearest } from '../../../words/nearest.ts';

/** Comments and strings, in which a brace or a word means nothing. */
const aside = /#[^\r\n]*|"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\r\n])*"/g;

const keywords: readonly string[] = ['query', 'mutation', 'subscription'];

/** The names of a document's operations, in their order; null for one without a name. */
function operationsIn(document: string): readonly (string | null)[] {
  const operations: (string | null)[] = [];
  let depth = 0;
  /** What the definition begins with that is read; null between two of them. */
  let begun: string | null = null;
  let last = '';
  for (const [token] of document.replaceAll(aside, ' ').matchAll(/[{}()@$]|[_A-Za-z]\w*/g)) {
    if (depth === 0 && token === '{' && begun === null) operations.push(null);
    if (depth === 0 && /^\w/.test(token)) {
      if (begun === null && keywords.includes(token)) operations.push(null);
      else if (last === begun && keywords.includes(last)) operations[operations.length - 1] = token;
      begun ??= token;
    }
    if (token === '{' || token === '(') depth += 1;
    if (token === '}' || token === ')') depth -= 1;
    if (token === '}' && depth === 0) begun = null;
    last = depth === 0 || token === '(' || token === '{' ? token : '';
  }
  return operations;
}

/** The name of the operation that a document is sent for; null for one without a name. Of several, `asked` says which. */
export function operationName(document: string, asked: string | undefined): string | null {
  const operations = operationsIn(document);
  if (operations.length === 0) {
    throw problem('value.invalid', {
      found: 'a document without an operation',
      expected: 'a document of GraphQL with a query or a mutation',
    });
  }
  const names = operations.filter(name => name !== null);
  if (asked === undefined) {
    if (operations.length === 1) return operations[0] ?? null;
    throw problem('value.missing', {
      found: `${operations.length} operations: ${names.join(', ')}`,
      expected: 'operationName, which says which of them is meant',
      ...(names[0] === undefined ? {} : { instead: `operationName: ${names[0]}` }),
    });
  }
  if (names.includes(asked)) return asked;
  const near = nearest(asked, names);
  throw problem('value.invalid', {
    found: `operationName: ${asked}`,
    expected: names.length === 0 ? 'an operation with a name' : `one of ${names.join(', ')}`,
    ...(near === undefined ? {} : { instead: near }),
  });
}
