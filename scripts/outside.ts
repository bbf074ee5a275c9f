import type { Plugin } from 'esbuild';

/** What is bundled: of zod all but a twentieth is messages in fifty languages, which every start would read; of d3 and its parts charts need little. */
const inside = /^(?:zod|d3-[a-z-]+|internmap)$/;

/** Leaves packages outside of a bundle, except for those of which little is used. */
export const outside: Plugin = {
  name: 'packages-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const isInside = kind === 'entry-point' || path.startsWith('group:') || inside.test(path);
      return isInside ? undefined : { path, external: true };
    });
  },
};
