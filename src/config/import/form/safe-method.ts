/** Why a request is left out that may change data. */
export const mayChange = 'since they may change data (--writes imports them)';

/** Whether a request of this method changes nothing, as HTTP defines it. */
export function isSafeMethod(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
}

/** Why a request is left out whose files are not there. */
export const uploadsFile = 'since it uploads a file';
