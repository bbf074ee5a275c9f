const decimal = /^([-+]?)0*(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/;

/**
 * A number as JSON writes it, from how a file writes it, where a double would be written in another way: `1.10`, or a whole
 * number over 2^53. Undefined where the double says the same.
 */
export function exactNumber(written: string, value: number): string | undefined {
  const text = jsonNumber(written);
  return text === undefined || text === JSON.stringify(value) ? undefined : text;
}

/** YAML writes numbers in more ways than JSON does. */
function jsonNumber(written: string): string | undefined {
  if (/^0x[\da-f]+$|^0o[0-7]+$/i.test(written)) return BigInt(written).toString();
  const [, sign, whole = '', fraction = '', exponent = ''] = decimal.exec(written) ?? [];
  if (sign === undefined || !/\d/.test(written)) return undefined;
  return `${sign === '-' ? '-' : ''}${whole || '0'}${fraction && `.${fraction}`}${exponent}`;
}
