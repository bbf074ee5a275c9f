import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { judgedRun, total } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { duetIn, runsIn } from '../../fixtures/rendered.ts';
import { hostileText } from '../../property/hostile-text.ts';
import fc from '../../seeded.ts';

/** Errors that libxml2 finds in documents, read by the schema that Ant's and Jenkins' have in common. */
async function errorsIn(documents: readonly string[]): Promise<readonly string[]> {
  const schema = await readFile(new URL('../../fixtures/junit.xsd', import.meta.url), 'utf8');
  const xml = documents.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  return (await validateXML({ xml, schema: [schema] })).errors.map(({ rawMessage }) => rawMessage);
}

describe('JUnit XML', () => {
  test('of every example, and of names that are hostile, is as Ant and Jenkins want it', async () => {
    const endpoints = [{ name: 'GET /a', rate: 10, medianMs: 5, failures: { status: 0.1 } }];
    const small = exampleRecord({ endpoints, warmupS: 0, stagesS: [1] });
    const names = fc.sample(hostileText, 30);
    assert.equal(new Set(names).size > 15, true, 'the names are random');
    const documents = [
      ...[...Object.values(exampleRuns), severalRuns].map(runs => runsIn(runs, 'junit')),
      ...Object.values(exampleDuets).map(duet => duetIn(duet, 'junit')),
      ...[...names, ']]>', ' a  b ', '\ufffe\uffff', '&amp;'].map(scenario => {
        const record = { ...small, header: { ...small.header, scenario } };
        const waiver = { until: '2026-01-31', reason: scenario };
        return runsIn(
          [
            judgedRun(record, [
              [
                total,
                'errorRate',
                0.01,
                { reason: { kind: 'waiverExpired', waiver, failed: { kind: 'overLimit', ends: null } } },
              ],
            ]),
          ],
          'junit',
        );
      }),
    ];
    assert.deepEqual(await errorsIn(documents), []);
    assert.notDeepEqual(await errorsIn(['<testsuites><testsuite/></testsuites>']), [], 'the schema refuses');
  });

  test('counts what failed, what is inconclusive and what is no measurement', () => {
    const suites = runsIn(severalRuns, 'junit').match(/<testsuite .*?>/g) ?? [];
    const counts = (suite: string) =>
      /name="([^"]*)".* failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(suite)?.slice(1);
    assert.equal(suites.length, severalRuns.length);
    for (const [index, { record, judgement }] of severalRuns.entries()) {
      const [name, failures, errors] = counts(suites[index] ?? '') ?? [];
      assert.equal(name, record.header.scenario);
      const failed = judgement.findings.filter(({ status }) => status === 'fail').length;
      assert.equal(Number(failures), failed, `failures of ${name}`);
      assert.equal(Number(errors) > 0, judgement.verdict === 'invalid', `errors of ${name}`);
    }
    assert.match(runsIn(exampleRuns.inconclusive ?? [], 'junit'), /<skipped message="[^"]+"\/>/);
  });

  test('fails where the run fails for something that is no finding', () => {
    const record = exampleRecord({ warmupS: 0, stagesS: [1] });
    const lacking = judgedRun(record, [[total, 'rps', 1]], { verdict: 'fail', lacksBaseline: true });
    assert.match(runsIn([lacking], 'junit'), /name="the verdict" time="0"><failure message="[^"]+"/);
  });
});
