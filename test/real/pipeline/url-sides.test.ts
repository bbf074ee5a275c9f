import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { urlSides } from '../../../src/pipeline/duet/url-sides.ts';

const at = (port: number) => `http://127.0.0.1:${port}`;

describe('the sides of a duet of URLs', () => {
  it('take turns by their names, and by numbers where there are several instances', async () => {
    const one = await (await urlSides({ base: [at(1)], head: [at(2)] }, [])).open([]);
    assert.deepEqual(one.names, [{ base: ['base'], head: ['head'] }]);
    const { heads, open } = await urlSides({ base: [at(1), at(2)], head: [at(3), at(4)] }, []);
    const several = await open([]);
    assert.deepEqual(several.names, [{ base: ['base 1', 'base 2'], head: ['head 1', 'head 2'] }]);
    assert.equal(several.places['head 2']?.target.port, 4);
    assert.deepEqual(heads[0]?.contestants.base, { kind: 'url', url: at(1), others: [at(2)] });
  });

  it('are different APIs, by whatever name of this machine', async () => {
    for (const [base, head, code] of [
      [[at(1)], [at(1)], 'duet.same-side'],
      [[at(1)], [`${at(1)}/`], 'duet.same-side'],
      [[at(1)], ['http://localhost:1'], 'duet.same-side'],
      [[at(1), at(2)], [at(3), at(2)], 'duet.repeated-instance'],
      [[at(1), 'http://localhost:1'], [at(3), at(4)], 'duet.repeated-instance'],
    ] as const) {
      await assert.rejects(
        urlSides({ base, head }, []),
        (error: unknown) => error instanceof PlimsollError && error.problems[0]?.code === code,
        `${base.join()} and ${head.join()}`,
      );
    }
    await urlSides({ base: [at(1)], head: ['http://localhost:2'] }, []);
    await urlSides({ base: [at(1)], head: ['http://127.0.0.2:1'] }, []);
    await urlSides({ base: [`${at(1)}/a`], head: [`${at(1)}/b`] }, []);
  });
});
