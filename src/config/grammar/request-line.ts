import { problem } from '../../model/error.ts';

/** A request as it is written in a step: the path may hold templates. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** Methods whose requests carry no body. */
export const bodiless: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

const expected = 'a method and a path, such as GET /api/bills';

/*
 *   requestLine  ::= method " " { " " } path
 *   method       ::= upper-case token characters (RFC 9110, section 5.6.2)
 *   path         ::= ( "/" | template ) { visible ASCII character but "#" | template }
 *   template     ::= "{{" name "}}"
 */
const method = /^[A-Z0-9!#$%&'*+.^_`|~-]+$/;

/** Reads `GET /api/bills?page=1`; anything else is `value.invalid`, saying what to write instead. */
export function parseRequestLine(text: string): RequestLine {
  const line = text.trim();
  const [, verb, path] = /^(\S+)[ \t]+(.+)$/s.exec(line) ?? [];
  if (verb === undefined || path === undefined) {
    throw wrong(/^(\/|https?:)/.test(line) ? `GET ${pathOf(line)}` : `${line} /path`);
  }
  if (verb.startsWith('/')) throw wrong(`GET ${pathOf(encoded(line))}`);
  const upper = verb.toUpperCase();
  if (!method.test(upper) || upper === 'CONNECT') throw wrong();
  if (upper !== verb) throw wrong(`${upper} ${path}`);
  return { method: verb, path: checkPath(verb, path) };
}

function checkPath(verb: string, path: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw problem('request.invalid-path', {
      expected: 'a path: the origin stands in target, once for all steps',
      instead: `${verb} ${pathOf(path)}`,
    });
  }
  if (!/^(?:\/|\{\{)/.test(path)) throw wrong(`${verb} /${path}`);
  const literal = path.replace(/\{\{.*?\}\}/g, '');
  if (literal.includes('#')) {
    throw problem('request.invalid-path', {
      expected: 'a path without #: what follows it is never sent to a server',
      instead: `${verb} ${path.slice(0, path.indexOf('#'))} (or %23 for the character itself)`,
    });
  }
  if (!/^[!-~]*$/.test(literal)) {
    throw problem('request.invalid-path', {
      expected: 'a path of visible ASCII characters, all others percent-encoded',
      instead: `${verb} ${encoded(path)}`,
    });
  }
  return path;
}

function wrong(instead?: string) {
  return problem('request.invalid-line', { expected, ...(instead === undefined ? {} : { instead }) });
}

/** The path with what may not stand in it percent-encoded, its templates left alone. */
function encoded(path: string): string {
  return path
    .split(/(\{\{.*?\}\})/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/[^!-~]+/g, characters =>
            encodeURIComponent(characters.replace(/\p{Surrogate}/gu, '\ufffd')),
          ),
    )
    .join('');
}

function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/');
}
