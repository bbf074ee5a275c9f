import { dts } from 'rolldown-plugin-dts';

/** Rolls the declarations that `tsc` wrote into one file: what a program imports has all its types in one place. */
export default {
  input: 'node_modules/.cache/plimsoll-types/index.d.ts',
  external: /^[^./]/,
  plugins: [dts({ dtsInput: true, emitDtsOnly: true, tsconfig: false })],
  output: { dir: 'dist' },
};
