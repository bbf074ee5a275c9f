import { createHash } from 'node:crypto';
import type { Verdict } from '../../model/judgement/verdict.ts';
import { printable } from '../../safety/untrusted-text.ts';
import type { Document } from '../document/document.ts';
import { judgedSuites } from './judged-cases.ts';

const severities: { readonly [verdict in Verdict]: string | null } = {
  fail: 'critical',
  invalid: 'major',
  warn: 'minor',
  inconclusive: 'info',
  pass: null,
};

/**
 * What is not a pass as a GitLab code-quality report: an issue for each, at the budgets file. GitLab tells new issues from known ones by
 * the fingerprint, which therefore holds no figures.
 */
export function codeQuality(document: Document): string {
  const issues = judgedSuites(document).flatMap(({ scenario, budgetsFile, cases }) =>
    cases.flatMap(({ name, kind, verdict, reason, code }) => {
      const severity = severities[verdict];
      if (severity === null) return [];
      return {
        description: printable(`${scenario}: ${name}: ${reason}`, 1_000),
        check_name: `plimsoll-${kind}-${code}`,
        fingerprint: createHash('sha256').update([scenario, name].join('\n')).digest('hex'),
        severity,
        location: { path: printable(budgetsFile ?? 'budgets.json', 1_000), lines: { begin: 1 } },
      };
    }),
  );
  return `${JSON.stringify(issues, null, 2)}\n`;
}
