import type { ImportOptions, ImportSource } from './form/import-source.ts';
import type { Imported } from './form/imported.ts';

/** Reads whatever a scenario is made from into the normal form; a format is loaded when it is asked for. */
export async function readImport(source: ImportSource, options: ImportOptions): Promise<Imported> {
  switch (source.kind) {
    case 'urls':
      return (await import('./format/plain-urls.ts')).importUrls(source.urls);
    case 'curl':
      return (await import('./format/curl.ts')).importCurl(source.commands);
    case 'openapi':
      return (await import('./openapi/openapi.ts')).importOpenApi(source.from, options);
    case 'postman':
      return (await import('./format/postman.ts')).importPostman(source.file, options);
    case 'artillery':
      return (await import('./format/artillery-script.ts')).importArtillery(source.file, options);
    case 'k6':
      return (await import('./k6/k6-script.ts')).importK6(source.file, options);
    case 'access-log':
      return (await import('./format/access-log.ts')).importAccessLog(source.file, options);
    case 'har':
      return (await import('./format/har.ts')).importHar(source.file, options);
  }
}
