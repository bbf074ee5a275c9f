/** A JSON object before anything is known of it. */
export type JsonObject = { readonly [key: string]: unknown };

/** One step in the growth of a format: a record of one version as one of the next. */
export interface Migration {
  /** Takes whatever was in the file: it may be damaged, and is checked afterwards. */
  readonly migrate: (record: JsonObject) => JsonObject;
  /** A path of the later version as the earlier one calls it, so that errors name places of the file. */
  readonly pathBefore: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/**
 * A step that gives keys other names. Each is given by its path in the earlier version, where `[]` stands for every
 * element of a list: `{ 'looks[].units': 'restarts' }`.
 */
export function renaming(renames: { readonly [path: string]: string }): Migration {
  const names = new Map(Object.entries(renames));
  const leadsOn = (place: string) => [...names.keys()].some(path => path.startsWith(place));
  const renamed = (value: unknown, place: string): unknown => {
    if (typeof value !== 'object' || value === null || !leadsOn(place)) return value;
    if (Array.isArray(value)) return value.map(one => renamed(one, `${place}[]`));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const path = inside(place, key);
        return [names.get(path) ?? key, renamed(inner, path)];
      }),
    );
  };
  const earlierKey = (place: string, key: string) =>
    [...names].find(([path, name]) => name === key && path === inside(place, lastKey(path)))?.[0];
  return {
    migrate: record => renamed(record, '') as JsonObject,
    pathBefore(path) {
      let place = '';
      return path.map(part => {
        const earlier = typeof part === 'string' ? earlierKey(place, part) : undefined;
        const key = earlier === undefined ? part : lastKey(earlier);
        place = typeof key === 'number' ? `${place}[]` : inside(place, String(key));
        return key;
      });
    },
  };
}

const inside = (place: string, key: string) => (place === '' ? key : `${place}.${key}`);
const lastKey = (path: string) => path.slice(path.lastIndexOf('.') + 1);
