import type { PlacedRequest } from './import-of.ts';
import type { ImportedText, TextPart } from './imported-text.ts';
import { guessedRoute, recordedUrl } from './recorded-url.ts';

/** Stands for a part that is filled in later while a URL is taken apart. */
const mark = (index: number) => `x-hole-${index}-x`;
const marks = /(x-hole-\d+-x)/;

type TemplatedUrl = Pick<PlacedRequest, 'origin' | 'path' | 'query' | 'route'>;

/** Takes a URL apart in which parts are filled in later; what it begins with may be its origin. Null where it is no URL. */
export function templatedUrl(text: ImportedText): TemplatedUrl | null {
  const holes: TextPart[] = [];
  const written = text
    .map(part => (part.kind === 'plain' ? part.text : mark(holes.push(part) - 1)))
    .join('')
    .trim();
  if (text.some(part => part.kind === 'plain' && marks.test(part.text))) return null;
  const rest = written.replace(/^x-hole-\d+-x(?=\/|\?|$)/, '');
  const isRelative = rest !== written || written.startsWith('/');
  const isPlaced = /^https?:\/\//i.test(written);
  const absolute = isPlaced ? written : isRelative ? `http://unknown.invalid${rest}` : `http://${written}`;
  const url = recordedUrl(absolute);
  if (url === null) return null;
  const filled = (part: string): ImportedText =>
    part.split(marks).flatMap((piece, index): ImportedText => {
      if (index % 2 === 0) return piece === '' ? [] : [{ kind: 'plain', text: piece }];
      const hole = holes[Number(/\d+/.exec(piece)?.[0])];
      return hole === undefined ? [] : [hole];
    });
  const read = (value: ImportedText) =>
    value.flatMap(part => (part.kind === 'plain' ? filled(part.text) : [part]));
  const plainPath = url.path.map(part => (part.kind === 'plain' ? part.text : '')).join('');
  const named = plainPath.replaceAll(/x-hole-\d+-x/g, word => {
    const hole = holes[Number(/\d+/.exec(word)?.[0])];
    return hole === undefined || hole.kind === 'plain' ? word : `:${hole.name}`;
  });
  const host = new URL(absolute).hostname;
  return {
    origin: isRelative || marks.test(host) ? null : url.origin,
    path: read(url.path),
    query: url.query
      .filter(({ name }) => !marks.test(name))
      .map(({ name, value }) => ({ name, value: read(value) })),
    route: guessedRoute(named) ?? (named === plainPath ? null : named),
  };
}
