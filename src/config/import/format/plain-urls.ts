import { problem } from '../../../model/error.ts';
import { parseRequestUrl } from '../../grammar/target-url.ts';
import { importOf } from '../form/import-of.ts';
import type { Imported } from '../form/imported.ts';
import { Omissions } from '../form/omissions.ts';
import { recordedUrl } from '../form/recorded-url.ts';

/** The GET requests of URLs, which must be of one origin. */
export function importUrls(urls: readonly string[]): Imported {
  const steps = urls.map(url => {
    parseRequestUrl(url);
    const read = recordedUrl(url.trim());
    if (read !== null) {
      const rest = { headers: [], body: null, name: null, captures: [] };
      return { kind: 'request', method: 'GET', ...read, ...rest } as const;
    }
    throw problem('target.invalid', {
      expected: 'an http or https URL, such as http://127.0.0.1:4010/items',
    });
  });
  const origins = [...new Set(steps.map(({ origin }) => origin))];
  if (origins.length > 1) {
    const found = origins.join(' and ');
    throw problem('command.conflicting-flags', { where: 'URL', found, expected: 'URLs of one host' });
  }
  const source = urls.length === 1 ? 'a URL' : `${urls.length} URLs`;
  return importOf({ source, title: null, steps, omissions: new Omissions() });
}
