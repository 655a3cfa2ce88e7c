/** A cache that forgets what has not been used for long once it holds more than `maxSize`. */
export interface Lru<V, K = string> {
  /** Returns what is kept under the key, made and kept if it was not there. */
  get(key: K, make: () => V): V;
  /** Returns what is kept under the key, if anything is. */
  find(key: K): V | undefined;
  /** Sum of the sizes of what is kept. */
  size(): number;
}

/**
 * Creates a bounded cache; `sizeOf` says how much of `maxSize` a value takes (1 where left out). It keeps two
 * generations: what is used moves to the young one, and when that is half full the old one is forgotten. A hit costs
 * one look-up and no reordering.
 */
export function createLru<V, K = string>(maxSize: number, sizeOf: (value: V) => number = () => 1): Lru<V, K> {
  let young = new Map<K, V>();
  let old = new Map<K, V>();
  let youngSize = 0;
  let oldSize = 0;
  const keep = (key: K, value: V) => {
    const size = sizeOf(value);
    if (young.size > 0 && youngSize + size > maxSize / 2) {
      old = young;
      oldSize = youngSize;
      young = new Map();
      youngSize = 0;
    }
    young.set(key, value);
    youngSize += size;
  };
  return {
    get(key, make) {
      const recent = young.get(key);
      if (recent !== undefined) return recent;
      const earlier = old.get(key);
      if (earlier !== undefined) {
        old.delete(key);
        oldSize -= sizeOf(earlier);
      }
      const value = earlier ?? make();
      keep(key, value);
      return value;
    },
    find: (key) => young.get(key) ?? old.get(key),
    size: () => youngSize + oldSize,
  };
}
