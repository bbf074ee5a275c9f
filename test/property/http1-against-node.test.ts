import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc, { cases } from '../seeded.ts';
import { bytesOf, foldedAnswer, invalidAnswer, validAnswer } from './http1-answers.ts';
import { nodeReads, pieces, plimsollReads, type Reading } from './http1-readings.ts';

const cuts = fc.array(fc.nat(400), { maxLength: 12 });

async function bothRead(bytes: Buffer, method: string, at: readonly number[]): Promise<Reading> {
  const parts = pieces(bytes, at);
  const ours = plimsollReads(parts, method);
  assert.deepEqual(ours, await nodeReads(parts, method), JSON.stringify(bytes.toString('latin1')));
  return ours;
}

describe('an answer is read as Node’s own client reads it', () => {
  it('where it is well-formed, alone or with another behind it', async () => {
    const property = fc.asyncProperty(
      validAnswer,
      cuts,
      fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, validAnswer),
      async (answer, at, second) => {
        const bytes = bytesOf(answer);
        const more = second?.method === 'GET' ? bytesOf(second) : Buffer.alloc(0);
        const read = await bothRead(Buffer.concat([bytes, more]), answer.method, at);
        assert.equal(read.outcome, 'complete');
      },
    );
    await fc.assert(property, cases(2_000));
  });

  it('where its fields are folded, which Node reads with blanks in place of the folds', async () => {
    const property = fc.asyncProperty(foldedAnswer, cuts, async ({ folded, plain }, at) => {
      const bytes = bytesOf(folded);
      const ours = plimsollReads(pieces(bytes, at), folded.method);
      const node = await nodeReads([bytesOf(plain)], plain.method);
      assert.deepEqual(ours, node, JSON.stringify(bytes.toString('latin1')));
      assert.equal(ours.outcome, 'complete');
    });
    await fc.assert(property, cases(1_000));
  });

  it('where the connection ends amid it', async () => {
    const property = fc.asyncProperty(validAnswer, cuts, fc.nat(400), async (answer, at, length) => {
      await bothRead(bytesOf(answer).subarray(0, length), answer.method, at);
    });
    await fc.assert(property, cases(1_000));
  });

  it('where it is malformed', async () => {
    const property = fc.asyncProperty(invalidAnswer, cuts, async (answer, at) => {
      const read = await bothRead(bytesOf(answer), answer.method, at);
      assert.equal(read.outcome, 'malformed');
    });
    await fc.assert(property, cases(1_000));
  });
});
