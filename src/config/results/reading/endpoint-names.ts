import { boundedText } from '../../../safety/untrusted-text.ts';

/** The longest name of an endpoint that is taken over. */
const longestName = 500;

/** Finds the endpoint that a request of another tool belongs to. */
export interface EndpointNames {
  /** Of a method and a URL or path: the budgets' route that fits, else `METHOD /path` without query. */
  ofUrl(method: string, url: string): string;
  /** Of a name that somebody gave: the name, or with the method in front where the budgets write it so. */
  ofLabel(label: string, method?: string): string;
}

/**
 * Names requests as the budgets do: `GET /api/bills/17` belongs to `GET /api/bills/:id` where they have such an endpoint. A
 * segment of `:name`, `{name}` or `*` stands for any one; an exact name comes first, then the route with the fewest of these.
 */
export function endpointNames(known: readonly string[]): EndpointNames {
  const exact = new Set(known);
  const routes = known.flatMap(name => routeOf(name) ?? []).sort((one, other) => one.open - other.open);
  const cached = new Map<string, string>();
  const byRoute = (candidate: string): string => {
    if (exact.has(candidate)) return candidate;
    const [method = '', path = ''] = splitName(candidate);
    const segments = path.split('/');
    const found = routes.find(
      route =>
        route.method === method &&
        route.segments.length === segments.length &&
        route.segments.every((segment, index) => segment === null || segment === segments[index]),
    );
    return found?.name ?? candidate;
  };
  const remembered = (candidate: string): string => {
    const before = cached.get(candidate);
    if (before !== undefined) return before;
    const name = byRoute(candidate);
    // Where every request has a path of its own, remembering them all would need the memory of the file.
    if (cached.size < 10_000) cached.set(candidate, name);
    return name;
  };
  /** A bare path, where only one method of the budgets' endpoints makes one of them of it. */
  const withMethod = (path: string): string | undefined => {
    if (!path.startsWith('/')) return undefined;
    const methods = new Set(known.map(name => splitName(name)[0] ?? ''));
    const found = [...methods].map(method => remembered(`${method} ${path}`)).filter(name => exact.has(name));
    return found.length === 1 ? found[0] : undefined;
  };
  return {
    ofUrl: (method, url) => remembered(boundedText(`${method.toUpperCase()} ${pathOf(url)}`, longestName)),
    ofLabel(label, method = '') {
      const name = boundedText(label.trim() === '' ? '(no name)' : label.trim(), longestName);
      if (exact.has(name)) return name;
      if (method === '') return withMethod(name) ?? remembered(name);
      return name.startsWith('/') || exact.has(`${method} ${name}`)
        ? remembered(`${method.toUpperCase()} ${name.replace(/[?#].*$/, '')}`)
        : name;
    },
  };
}

interface Route {
  readonly name: string;
  readonly method: string;
  /** Null stands for any segment. */
  readonly segments: readonly (string | null)[];
  readonly open: number;
}

function routeOf(name: string): Route | null {
  const [method = '', path = ''] = splitName(name);
  if (!path.startsWith('/')) return null;
  const segments = path.split('/').map(segment => (/^:.|^\{.*\}$|^\*$/.test(segment) ? null : segment));
  const open = segments.filter(segment => segment === null).length;
  return open === 0 ? null : { name, method, segments, open };
}

function splitName(name: string): readonly string[] {
  const space = name.indexOf(' ');
  return [name.slice(0, space), name.slice(space + 1)];
}

/** The path of a URL, without host, credentials, query and fragment, which may hold secrets. */
function pathOf(url: string): string {
  const [, path = url] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/is.exec(url) ?? [];
  const bare = path.replace(/[?#].*$/s, '');
  return bare.startsWith('/') ? bare : `/${bare}`;
}
