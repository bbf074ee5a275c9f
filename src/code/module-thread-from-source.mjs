// A worker cannot be started from TypeScript directly; this file registers the loader first. The build leaves it out.
import { register } from 'tsx/esm/api';

register();
await import('./module-thread.ts');
