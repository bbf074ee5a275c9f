/** A value that is worked out when it is first asked for, and then kept. */
export function lazily<Value extends object>(work: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= work();
    return value;
  };
}
