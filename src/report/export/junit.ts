import { printable } from '../../safety/untrusted-text.ts';
import type { Document } from '../document/document.ts';
import { type JudgedCase, type JudgedSuite, judgedSuites } from './judged-cases.ts';

/** The longest text of a case. */
const most = 2_000;

/**
 * What was decided as JUnit XML, as Ant writes it and Jenkins, GitLab and others read it: a suite for each scenario and a case for
 * each budget and regression finding. A fail is a failure, inconclusive is skipped, invalid is an error; warnings pass, and are listed
 * in the output of the suite.
 */
export function junit(document: Document): string {
  const suites = judgedSuites(document).map(suiteLines);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(
  { scenario, startedAt, durationMs, cases }: JudgedSuite,
  index: number,
): readonly string[] {
  const having = (verdict: JudgedCase['verdict']) => cases.filter(one => one.verdict === verdict);
  const attributes = {
    name: named(scenario),
    package: 'plimsoll',
    id: index,
    timestamp: startedAt.slice(0, 19),
    hostname: 'localhost',
    tests: cases.length,
    failures: having('fail').length,
    errors: having('invalid').length,
    skipped: having('inconclusive').length,
    time: (durationMs / 1_000).toFixed(3),
  };
  const warnings = having('warn').map(
    ({ name, reason }) => `warning: ${escapedXml(name)}: ${escapedXml(reason)}`,
  );
  return [
    `  <testsuite${attributesText(attributes)}>`,
    '    <properties/>',
    ...cases.map(one => caseLine(one, scenario)),
    `    <system-out>${warnings.join('\n')}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
  ];
}

function caseLine({ name, verdict, code, reason }: JudgedCase, scenario: string): string {
  const opening = `    <testcase${attributesText({ classname: named(scenario), name: named(name), time: '0' })}`;
  const result = { fail: 'failure', invalid: 'error', inconclusive: 'skipped', warn: null, pass: null }[
    verdict
  ];
  if (result === null) return `${opening}/>`;
  if (result === 'skipped') return `${opening}><skipped${attributesText({ message: reason })}/></testcase>`;
  const why = attributesText({ message: reason, type: code });
  return `${opening}><${result}${why}>${escapedXml(reason)}</${result}></testcase>`;
}

/** A name without spaces at its ends or in a row, which readers of tokens would drop. */
function named(text: string): string {
  return printable(text, most).replaceAll(/ +/g, ' ').trim() || '(empty)';
}

function attributesText(attributes: { readonly [name: string]: string | number }): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapedXml(String(value))}"`)
    .join('');
}

/** One line of text as XML: characters that XML cannot hold are written out, and none of the rest is syntax. */
function escapedXml(text: string): string {
  return printable(text, most).replaceAll(/[&<>"']/g, character => `&#${character.codePointAt(0)};`);
}
