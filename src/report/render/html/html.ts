import { createHash } from 'node:crypto';
import type { Document, Part, Section, Title } from '../../document/document.ts';
import { shownOn } from '../../document/medium.ts';
import { type Sentence, verdictWords } from '../../words/inline.ts';
import { verdictSigns } from '../../words/wording.ts';
import { blockMarkup } from './block-markup.ts';
import { element, empty, inlineMarkup, inlineWords, type Markup, text, together } from './markup.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

/** A document as one page that needs nothing else: neither network, nor script, nor even its style. */
export function html(document: Document): string {
  const { sentence, overview, parts } = document;
  let last = 0;
  const numbered = () => {
    last += 1;
    return last;
  };
  const content = [
    element(
      'header',
      {},
      element('p', { class: 'kind' }, text(kinds[document.subject])),
      headline(sentence, 'h1'),
    ),
    element(
      'main',
      {},
      ...(overview === undefined
        ? []
        : sectionsMarkup(shownOn('drawing', { sections: [overview] }), numbered)),
      ...parts.map(part => partMarkup(part, numbered)),
    ),
    element(
      'footer',
      {},
      element('p', {}, text('Made by Plimsoll. This file needs no network and no script.')),
    ),
  ];
  const page = element(
    'html',
    { lang: 'en' },
    element('head', {}, ...head(inlineWords(['Plimsoll: ', ...wordsOf(sentence)]))),
    element('body', {}, ...content, element('script', {}, pageScript as Markup)),
  );
  return `<!doctype html>\n${page}\n`;
}

const kinds: { readonly [subject in Document['subject']]: string } = {
  run: 'Load test',
  comparison: 'Comparison of runs',
  duet: 'Duet',
  calibration: 'Calibration',
  capacity: 'Capacity',
  history: 'History',
  dryRun: 'Dry run',
  once: 'Each step once',
  baselines: 'Baselines',
};

/** The page forbids itself everything but its own style and script. */
function head(title: string): readonly Markup[] {
  const policy = [
    "default-src 'none'",
    `style-src '${digestOf(pageStyle)}'`,
    `script-src '${digestOf(pageScript)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<meta charset="utf-8">' as Markup,
    empty('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    empty('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    empty('meta', { name: 'referrer', content: 'no-referrer' }),
    element('title', {}, text(title)),
    empty('link', { rel: 'icon', href: 'data:,' }),
    element('style', {}, pageStyle as Markup),
  ];
}

function digestOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

function wordsOf(sentence: Sentence | Title): Sentence['said'] {
  return sentence.verdict === null ? sentence.said : [`${verdictWords(sentence)}: `, ...sentence.said];
}

/** The verdict as a word that is seen first, then what it rests on. */
function headline(sentence: Sentence | Title, level: 'h1' | 'h3'): Markup {
  const said = inlineMarkup(sentence.said);
  if (sentence.verdict === null) return element(level, { class: 'said' }, said);
  const { verdict } = sentence;
  const word = text(`${verdictSigns[verdict]} ${verdictWords(sentence)}`);
  return element(
    level,
    { class: 'said' },
    element('span', { class: `badge ${verdict}` }, word),
    text(' '),
    element('span', {}, said),
  );
}

function partMarkup(part: Part, numbered: () => number): Markup {
  const { heading } = part;
  const sections = sectionsMarkup(shownOn('drawing', part), numbered);
  if (heading === null) return together(...sections);
  const title = element('h2', { class: 'part' }, inlineMarkup([heading.name]));
  const sentence = heading.sentence === null ? [] : [headline(heading.sentence, 'h3')];
  return element('article', {}, title, ...sentence, ...sections);
}

function sectionsMarkup(sections: readonly Section[], numbered: () => number): readonly Markup[] {
  return sections.map(({ fold, blocks }) => {
    const of = fold?.title ?? 'In short';
    const content = blocks.map(block => blockMarkup(block, of, numbered));
    if (fold === null) return element('section', {}, ...content);
    const summary = element('summary', {}, element('h2', {}, text(fold.title)));
    return element('details', { class: 'fold', open: fold.opens === true }, summary, ...content);
  });
}
