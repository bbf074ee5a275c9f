import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Migration, renaming } from '../../../src/store/files/migration.ts';
import { calibrationSchema } from '../../../src/store/records/calibration-schema.ts';
import { duetSchema } from '../../../src/store/records/duet-schema.ts';
import { migrations } from '../../../src/store/records/migrations.ts';
import { recordSchema } from '../../../src/store/records/record-schema.ts';

describe('the migrations of a kind of record', () => {
  test('lead from version 1 to the version that is written', () => {
    const written = ({ shape }: { shape: { schemaVersion: { value: number } } }) => shape.schemaVersion.value;
    const versions = {
      runRecord: written(recordSchema),
      duet: written(duetSchema),
      calibration: written(calibrationSchema),
    };
    for (const [kind, version] of Object.entries(versions)) {
      assert.equal(migrations[kind as keyof typeof versions].length, version - 1, kind);
    }
  });
});

describe('a renaming', () => {
  const step: Migration = renaming({ 'a.unit': 'repeat', units: 'rounds', 'units[].unit': 'round' });

  test('gives keys their new names where it says so, keeps their order, and touches nothing else', () => {
    const before = { unit: 1, a: { x: 1, unit: 2, y: 3 }, units: [{ unit: { unit: 4 } }, 'odd', null] };
    const after = { unit: 1, a: { x: 1, repeat: 2, y: 3 }, rounds: [{ round: { unit: 4 } }, 'odd', null] };
    assert.equal(JSON.stringify(step.migrate(before)), JSON.stringify(after));
  });
  test('tells where a place was before', () => {
    assert.deepEqual(step.pathBefore(['rounds', 3, 'round', 'round']), ['units', 3, 'unit', 'round']);
    assert.deepEqual(step.pathBefore(['a', 'repeat']), ['a', 'unit']);
    assert.deepEqual(step.pathBefore(['repeat']), ['repeat']);
  });
  test('bears whatever a damaged record holds', () => {
    const deep = JSON.parse(
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"units":7,"constructor":{"unit":1}}`,
    );
    const migrated = new Map(Object.entries(step.migrate(deep)));
    assert.deepEqual([migrated.get('rounds'), migrated.get('constructor')], [7, { unit: 1 }]);
  });
});
