import type { ProxyRules } from '../../../model/run/plan.ts';
/** What a scenario can be made from. Files are relative to the working folder, or absolute. */
export type ImportSource =
  /** URLs, each of which is requested. */
  | { readonly kind: 'urls'; readonly urls: readonly string[] }
  /** Command lines of curl. */
  | { readonly kind: 'curl'; readonly commands: readonly string[] }
  /** What a browser or a proxy recorded. */
  | { readonly kind: 'har'; readonly file: string }
  /** The access log of a web server or a load balancer. */
  | { readonly kind: 'access-log'; readonly file: string }
  /** A collection of Postman. */
  | { readonly kind: 'postman'; readonly file: string }
  /** A script of Artillery. */
  | { readonly kind: 'artillery'; readonly file: string }
  /** A script of k6. */
  | { readonly kind: 'k6'; readonly file: string }
  /** A description of an API: a file, or an http or https URL. */
  | { readonly kind: 'openapi'; readonly from: string };

/** How an import is read. */
export interface ImportOptions {
  readonly cwd: string;
  /** Whether requests that may change data are taken from descriptions and recordings. */
  readonly includesWrites: boolean;
  /** Through which proxies URLs are fetched; left out for none. */
  readonly proxies?: ProxyRules | undefined;
}
