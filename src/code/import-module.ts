import * as nodeModule from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { ModuleFile } from '../model/code/user-module.ts';
import { load, type ModuleNews, prepareHooks, resolve } from './module-hooks.ts';

/** Since Node 22.15. */
const { registerHooks } = nodeModule as {
  readonly registerHooks?: (hooks: { readonly resolve: unknown; readonly load: unknown }) => void;
};

/**
 * Imports a user's module in this thread, which does nothing else with modules of users; what the hooks tell of it is given
 * to `hear` before this resolves or throws. Files that were read before are not read again.
 */
export async function importModule(
  entry: string,
  files: readonly ModuleFile[],
  hear: (news: ModuleNews) => void,
): Promise<object> {
  // Standard output belongs to results.
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  if (registerHooks !== undefined) {
    prepareHooks({ files, tell: hear });
    registerHooks({ resolve, load });
    return (await import(entry)) as object;
  }
  const { port1, port2 } = new MessageChannel();
  const hooks = import.meta.url.endsWith('.ts') ? './module-hooks.ts' : './module-hooks.js';
  nodeModule.register(new URL(hooks, import.meta.url), {
    data: { files, port: port2 },
    transferList: [port2],
  });
  try {
    return (await import(entry)) as object;
  } finally {
    for (let news = receiveMessageOnPort(port1); news; news = receiveMessageOnPort(port1)) {
      hear(news.message as ModuleNews);
    }
    port1.close();
  }
}
