import type { Target } from '../../model/run/plan.ts';
import type { Expression, Filter } from '../../model/run/scenario.ts';
import { originOf } from './origin.ts';

/** A value as it is sent, or what is wrong with it. */
export type Written = { readonly text: string } | { readonly fault: string };

/** What filters make of a value. Half of a surrogate pair is no character: encoding one throws, and UTF-8 has another in its place. */
export const written: { readonly [filter in Filter]: (value: string) => string } = {
  json: value => value,
  urlencode: value => (value.isWellFormed() ? encodeURIComponent(value) : value),
  base64: value => (value.isWellFormed() ? Buffer.from(value).toString('base64') : value),
};

const half: Written = { fault: 'holds half of a surrogate pair, which is no character' };

const broken: Written = { fault: 'holds a line break or another control character' };

/** A value as it is. */
export const asIs = (value: string): Written => (value.isWellFormed() ? { text: value } : half);

/** A value within a string of JSON. */
export const inJson = (value: string): Written => ({ text: JSON.stringify(value).slice(1, -1) });

/** As browsers write forms. */
export function inForm({ filters }: Expression): (value: string) => Written {
  if (filters?.at(-1) === 'urlencode') return asIs;
  return value => (value.isWellFormed() ? { text: encodeURIComponent(value).replaceAll('%20', '+') } : half);
}

/** What separates the parts would end this one, and begin another. */
export function inPart(boundary: string): (value: string) => Written {
  return value =>
    value.includes(boundary) ? { fault: 'holds what separates the parts of the form' } : asIs(value);
}

/** The header with the cookies, or nothing where there are none. */
export function asCookies(value: string): Written {
  const written = value === '' ? { text: '' } : inHeader(value);
  return 'fault' in written || value === '' ? written : { text: `cookie: ${written.text}\r\n` };
}

/** A value within a path, where it is no slash and no query. */
export function inPath({ filters }: Expression): (value: string) => Written {
  if (filters?.at(-1) === 'urlencode') return asIs;
  return value => (value.isWellFormed() ? { text: encodeURIComponent(value) } : half);
}

/** What would end a header, or the head, so that what follows it were read as another one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const breaking = /[\0-\x08\n-\x1f\x7f]/;

/** A value within a header. */
export function inHeader(value: string): Written {
  if (breaking.test(value)) return broken;
  return asIs(value);
}

/** A link is followed as far as it stays at the target: its path and its query are sent as they are. */
export function linkTo(target: Target): (value: string) => Written {
  const origin = originOf(target);
  return value => {
    if (breaking.test(value) || value.includes('\t')) return broken;
    if (!value.isWellFormed()) return half;
    if (!/^(?:\/|https?:\/\/)/i.test(value) || !URL.canParse(value, origin)) {
      return { fault: 'is neither a path that begins with a slash nor a URL' };
    }
    const url = new URL(value, origin);
    if (url.origin !== origin) return { fault: 'leads to another origin than the target' };
    return { text: url.pathname + url.search };
  };
}
