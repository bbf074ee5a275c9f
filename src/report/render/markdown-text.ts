import type { Verdict } from '../../model/judgement/verdict.ts';
import { markdownCode, markdownText } from '../../safety/untrusted-text.ts';
import type { Title } from '../document/document.ts';
import { type Inline, type Sentence, verdictWords } from '../words/inline.ts';

/** A sign for each verdict that GitHub shows in colour; the word always stands beside it. */
export const markdownSigns: { readonly [verdict in Verdict]: string } = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  invalid: '⛔',
};

/** A line of text in Markdown: names as code, and prose with nothing in it that formats, links or mentions. */
export function markdownLine(inline: Inline): string {
  return inline
    .map(part => {
      if (typeof part === 'string') return part;
      const show = part.role === 'name' ? markdownCode : markdownText;
      return show(part.text, part.most);
    })
    .join('');
}

/** A sentence that begins with its verdict, with the verdict's sign and in bold; a title in bold. */
export function markdownSentence(sentence: Sentence | Title): string {
  const said = markdownLine(sentence.said);
  if (sentence.verdict === null) return `**${said}**`;
  const word = sentence.verdict.toUpperCase();
  const cut = verdictWords(sentence).slice(word.length);
  return `${markdownSigns[sentence.verdict]} **${word}**${cut}: ${said}`;
}
