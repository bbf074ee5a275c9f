import type { NewerParts } from '../model/newer-parts.ts';
import { counted } from './quantity-text.ts';

/** How many places are named. */
const mostNames = 5;

/** Who wrote a record, and what of it is not known here: the words after "The record was". */
export function newerText({ parts, names }: NewerParts): string {
  if (parts.length === 0) return 'written by a newer Plimsoll';
  const more = names.length - mostNames;
  const places = names.slice(0, mostNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `written by a newer Plimsoll: ${counted(names.length, 'part')} of it ${names.length === 1 ? 'is' : 'are'} not known here: ${places}`;
}
