/** What can be made again, by key. */
export interface Kept<V extends object> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/**
 * Keeps values until none was asked for during so many milliseconds. From then on each is found only as long as
 * somebody else holds it, so that there are never two; who finds none makes it again.
 */
export function keepWhileUsed<V extends object>(quietMs: number): Kept<V> {
  const known = new Map<string, WeakRef<V>>();
  const held = new Map<string, V>();
  let timer: NodeJS.Timeout | undefined;
  const hold = (key: string, value: V) => {
    held.set(key, value);
    timer ??= setTimeout(() => held.clear(), quietMs).unref(); // a process may end without it
    timer.refresh();
  };
  return {
    get: (key) => {
      const value = known.get(key)?.deref();
      if (value) hold(key, value);
      return value;
    },
    set: (key, value) => {
      known.set(key, new WeakRef(value));
      hold(key, value);
    },
    delete: (key) => {
      known.delete(key);
      held.delete(key);
    },
  };
}
