/** The core that targets are pinned to. */
export const targetCore = '0';

/** The core that generators are pinned to. */
export const generatorCore = '1';
