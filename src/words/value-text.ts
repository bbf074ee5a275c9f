import { ForeignValue, UserFunction } from '../model/code/user-module.ts';

/** A value as people are shown it: short, and without the credentials of a URL or what a PEM file holds. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value instanceof UserFunction || typeof value === 'function') return 'a function';
  if (value instanceof ForeignValue) return value.what;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    if (keys.length === 0) return 'an empty map';
    return `a map with the ${keys.length === 1 ? 'key' : 'keys'} ${shortened(keys.join(', '))}`;
  }
  if (typeof value !== 'string') return `${value} (a ${typeof value})`;
  return JSON.stringify(shortened(withoutCredentials(value)));
}

function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^/\s]*@/g, '://…@').replace(/-----BEGIN [^-]+-----.*/gs, '-----BEGIN …');
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
