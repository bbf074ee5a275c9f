// Node 20 cannot run TypeScript; this file registers the loader first. The build leaves it out.
import { register } from 'tsx/esm/api';

register();
await import('./delaying-proxy-process.ts');
