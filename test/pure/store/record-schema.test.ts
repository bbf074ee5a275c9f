import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { recordJsonSchema, recordSchema } from '../../../src/store/records/record-schema.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { exampleRecord } from '../../fixtures/record.ts';

describe('the schema of a run record', () => {
  const validate = new Ajv2020({ validateFormats: false }).compile(recordJsonSchema());
  const records = Object.values(exampleRuns).map(([run]) => run?.record);

  test('accepts every example, in zod and as JSON Schema, and changes nothing', () => {
    for (const record of records) {
      assert.deepEqual(recordSchema.parse(record), record);
      assert.ok(validate(record), JSON.stringify(validate.errors));
    }
  });
  test('lets later versions add keys anywhere, as JSON Schema', () => {
    const { header, measurement, ...rest } = exampleRecord();
    const grown = {
      ...rest,
      header: { ...header, team: 'shop' },
      measurement: { ...measurement, gpu: {} },
      extra: 1,
    };
    assert.ok(validate(grown), JSON.stringify(validate.errors));
  });
  test('refuses a missing key and an odd histogram, in zod and as JSON Schema', () => {
    const record = exampleRecord();
    const wrong: readonly unknown[] = [
      { ...record, header: { ...record.header, id: undefined } },
      ...['', 'not base64!', 'AAA', 'A'.repeat(200_004)].map(sendLag => ({
        ...record,
        measurement: { ...record.measurement, generator: { ...record.measurement.generator, sendLag } },
      })),
    ];
    for (const value of wrong) {
      assert.equal(recordSchema.safeParse(value).success, false);
      assert.equal(validate(JSON.parse(JSON.stringify(value))), false);
    }
  });
});
