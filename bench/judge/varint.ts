/** Takes integers from 0 to 2⁵³ in seven bits a byte, the lowest first: times below 16.4 ms in two bytes. */
export interface ByteWriter {
  add(integer: number): void;
  bytes(): Buffer;
}

/** Gives the integers back. */
export interface ByteReader {
  /** The next one; throws a RangeError at the end. */
  next(): number;
}

/** An empty writer. */
export function byteWriter(): ByteWriter {
  const bytes: number[] = [];
  return {
    add(integer) {
      let rest = integer;
      for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
      bytes.push(rest);
    },
    bytes: () => Buffer.from(bytes),
  };
}

/** A reader from the first byte on. */
export function byteReader(bytes: Uint8Array): ByteReader {
  let place = 0;
  return {
    next() {
      let [integer, unit] = [0, 1];
      for (;;) {
        const byte = bytes[place];
        if (byte === undefined) throw new RangeError('the recording was cut short');
        place += 1;
        integer += (byte % 128) * unit;
        if (byte < 128) return integer;
        unit *= 128;
      }
    },
  };
}
