import type { Verdict } from '../../model/judgement/verdict.ts';
import { printable } from '../../safety/untrusted-text.ts';
import type { Document } from '../document/document.ts';
import { plainText, spoken } from '../words/inline.ts';
import { type JudgedCase, judgedSuites } from './judged-cases.ts';

/** The most findings that a message names. */
const mostNamed = 10;
/** The longest line of a message: services refuse long ones. */
const most = 300;

const signs: { readonly [verdict in Verdict]: string } = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  invalid: '⛔',
};

/** What a message says: one line, and what is not a pass. */
interface Message {
  readonly headline: string;
  readonly lines: readonly string[];
}

/** A message for Slack, or what reads the same: Mattermost, Rocket.Chat, Discord with `/slack`. */
export function slackMessage(document: Document, link: string | null): string {
  const { headline, lines } = messageOf(document);
  const text = [
    `*${slackText(headline)}*`,
    ...lines.map(line => `• ${slackText(line)}`),
    ...(link === null ? [] : [`<${link}|Report>`]),
  ];
  return JSON.stringify({ text: text.join('\n'), unfurl_links: false, unfurl_media: false });
}

/** A message for a Teams workflow: an adaptive card whose text runs format nothing. */
export function teamsMessage(document: Document, link: string | null): string {
  const { headline, lines } = messageOf(document);
  const run = (text: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [run(headline, { weight: 'Bolder' }), ...lines.map(line => run(line))],
    actions: link === null ? [] : [{ type: 'Action.OpenUrl', title: 'Report', url: link }],
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}

/** A message for programs: the verdict, the sentence, what was decided, and the whole summary. */
export function jsonMessage(document: Document, link: string | null): string {
  const { sentence, subject, summary } = document;
  return JSON.stringify({
    kind: subject,
    verdict: sentence.verdict,
    sentence: plainText(sentence.said),
    link,
    summary,
  });
}

function messageOf(document: Document): Message {
  const { sentence } = document;
  const headline =
    sentence.verdict === null ? plainText(sentence.said) : `${signs[sentence.verdict]} ${spoken(sentence)}`;
  const suites = judgedSuites(document);
  const found = suites.flatMap(({ scenario, cases }) =>
    cases
      .filter(({ verdict }) => verdict !== 'pass')
      .map(one => lineOf(one, suites.length > 1 ? `${scenario}: ` : '')),
  );
  const left = found.length - mostNamed;
  return {
    headline: printable(headline, 2 * most),
    lines: left > 0 ? [...found.slice(0, mostNamed), `and ${left} more`] : found,
  };
}

function lineOf({ name, verdict, reason }: JudgedCase, scenario: string): string {
  return printable(`${verdict.toUpperCase()} ${scenario}${name}: ${reason}`, most);
}

/** Text in which nothing formats, links or mentions: a zero-width space parts what Slack or Mattermost would read. */
function slackText(text: string): string {
  return text
    .replaceAll(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replaceAll(/[@#*_~`|[\]!]|:\/\/|:(?=\w)|www(?=\.)/g, '$&\u200b');
}
