import type { Plugin } from 'esbuild';

/**
 * Leaves packages outside of a bundle, except for zod: all but a twentieth of that is messages in fifty languages, which every
 * start would read.
 */
export const outside: Plugin = {
  name: 'packages-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const isInside = kind === 'entry-point' || path.startsWith('group:') || path === 'zod';
      return isInside ? undefined : { path, external: true };
    });
  },
};
