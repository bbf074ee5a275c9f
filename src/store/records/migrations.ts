import { type Migration, renaming } from '../files/migration.ts';

/** In version 1 a restart of a duet, or a round, was a unit. */
const layoutNames = {
  'layout.unit': 'repeat',
  'layout.pairsPerUnit': 'pairsPerRestart',
  'layout.mostUnits': 'mostRestarts',
};

/**
 * The steps of each kind of record from version 1 on, in order: the first makes version 2 of version 1. Append to a list and
 * raise `schemaVersion` in the kind's schema where a format changes so that older readers would misread it. A new optional
 * key needs neither: older readers keep what they do not know.
 */
export const migrations = {
  runRecord: [],
  indexEntry: [],
  duet: [renaming({ ...layoutNames, units: 'restarts' })],
  calibration: [
    renaming({
      ...layoutNames,
      units: 'restarts',
      'units[].phases[].unit': 'restart',
      'looks[].units': 'restarts',
      'findings.power[].looks[].units': 'restarts',
    }),
  ],
  capacity: [],
} as const satisfies { readonly [kind: string]: readonly Migration[] };
