import { listIn, mapIn, textIn } from '../form/foreign-document.ts';

/** A payload with values put in place of others, by JSON pointers. */
export function replaced(payload: unknown, replacements: unknown): unknown {
  const copy = structuredClone(payload);
  for (const { target, value } of listIn(replacements).map(mapIn)) {
    const names = (textIn(target) ?? '').split('/').slice(1).map(decodedPointer);
    const last = names.pop();
    let node = copy;
    for (const name of names) node = Object.hasOwn(Object(node), name) ? mapOrList(node)[name] : undefined;
    if (last !== undefined && last !== '__proto__' && typeof node === 'object' && node !== null)
      mapOrList(node)[last] = value;
  }
  return copy;
}

const mapOrList = (node: unknown) => node as { [name: string]: unknown };

/** A part of a JSON pointer, without its escapes. */
export function decodedPointer(written: string): string {
  return written.replaceAll('~1', '/').replaceAll('~0', '~');
}
