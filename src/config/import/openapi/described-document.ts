import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { problem } from '../../../model/error.ts';
import type { ProxyRules } from '../../../model/run/plan.ts';
import { megabyte } from '../../../safety/bounded-file.ts';
import { readText, shownName } from '../../source/text-file.ts';
import { fetchText } from '../form/fetched-text.ts';
import { foreignValue, mapIn } from '../form/foreign-document.ts';

/** The largest description; the largest public ones are of 30 MB. */
const largest = 100 * megabyte;

/** A document of YAML or JSON that describes an API, or workflows of it. */
export interface DescribedDocument {
  readonly shown: string;
  readonly text: string;
  readonly root: { readonly [name: string]: unknown };
  /** The URL that it was read from; null of a file. */
  readonly url: string | null;
  /** The absolute path of a file. */
  readonly path: string;
  /** Through which proxies it, and what it refers to, is fetched; left out for none. */
  readonly proxies?: ProxyRules | undefined;
}

/** Reads such a document from a file or a URL. */
export async function readDescribed(
  from: string,
  cwd: string,
  proxies?: ProxyRules,
): Promise<DescribedDocument> {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(from);
  const path = resolve(cwd, from);
  const shown = isUrl ? new URL(from).origin + new URL(from).pathname : shownName(path, cwd);
  const text = isUrl
    ? await fetchText(from, shown, largest, proxies)
    : await readText(path, shown, undefined, largest);
  if (text.trim() === '') throw problem('file.empty', { where: shown, expected: 'an OpenAPI description' });
  const root = mapIn(await foreignValue(text, shown, from));
  return { shown, text, root, url: isUrl ? from : null, path, proxies };
}

/**
 * The text of another file that a document names, by its absolute path or URL. A description may come from anywhere: it must not
 * read other files of this machine than those of its folder and below, nor ask other hosts than its own.
 */
export async function readBeside(ref: string, base: string, proxies?: ProxyRules): Promise<string> {
  const isRemote = /^https?:\/\//i.test(ref);
  const folder = base.replace(/[^/\\]*$/, '');
  const isOwn = isRemote
    ? new URL(ref).origin === (URL.canParse(base) ? new URL(base).origin : null)
    : pathToFileURL(ref).href.startsWith(pathToFileURL(folder).href);
  if (!isOwn) throw new Error('a file of another folder or host');
  return isRemote
    ? await fetchText(ref, ref, largest, proxies)
    : await readText(ref, ref, undefined, largest);
}
