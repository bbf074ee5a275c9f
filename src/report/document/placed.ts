/**
 * Where a document is read: on a page, which scrolls and folds (Markdown), on a page that also draws (HTML), or on a screen,
 * which shows everything at once in little width (a terminal).
 */
export type Medium = 'page' | 'drawing' | 'screen';

/** Whatever may be shown in one medium only, where a page that draws shows what a page does; in all where `only` is left out. */
export interface Placed {
  readonly only?: Medium;
}

/** A thing for one medium only. */
export function only<Thing extends Placed>(medium: Medium, thing: Thing): Thing {
  return { ...thing, only: medium };
}
