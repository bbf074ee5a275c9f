import { printable } from '../../../safety/untrusted-text.ts';
import { type Inline, plainText } from '../../words/inline.ts';

/** HTML or SVG that is safe to put into a page as it is. */
export type Markup = string & { readonly markup: true };

/** Attributes of an element; those that are null or false are left out. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined;
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Our own words as markup: nothing in them is syntax. */
export function text(words: string): Markup {
  return words.replaceAll(/[&<>"']/g, character => entities[character] ?? '') as Markup;
}

/** An element with its content, which is markup already. */
export function element(tag: string, attributes: Attributes, ...content: readonly Markup[]): Markup {
  return `<${tag}${attributesText(attributes)}>${content.join('')}</${tag}>` as Markup;
}

/** An element that never has content, as XML and HTML both read it. */
export function empty(tag: string, attributes: Attributes): Markup {
  return `<${tag}${attributesText(attributes)}/>` as Markup;
}

/** Pieces of markup one after another. */
export function together(...pieces: readonly Markup[]): Markup {
  return pieces.join('') as Markup;
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      if (value === null || value === undefined || value === false) return '';
      return value === true ? ` ${name}` : ` ${name}="${text(String(value))}"`;
    })
    .join('');
}

/**
 * A line of text: names as code, and prose that quotes them, each set apart from what stands around it, so that text that
 * runs from right to left turns nothing else around.
 */
export function inlineMarkup(inline: Inline): Markup {
  return together(
    ...inline.map(part => {
      if (typeof part === 'string') return text(part);
      const shown = text(printable(part.text, part.most));
      if (part.role === 'prose') return element('bdi', {}, shown);
      return element('code', { dir: 'auto' }, shown.trim() === '' ? text('(empty)') : shown);
    }),
  );
}

/** A line of text for places that hold no elements: attributes and drawings. */
export function inlineWords(inline: Inline): string {
  return plainText(inline);
}
