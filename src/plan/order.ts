/** Sorts what is kept of the lists between `head` and `end` anew into an order of their own, and points both at it. */
export function sortLists(
  head: Int32Array,
  end: Int32Array,
  lists: number,
  kept: (place: number) => boolean,
  compare: (a: number, b: number) => number,
): Int32Array {
  const order: number[] = [];
  for (let place = 0; place < lists; place++) {
    const list = Array.from({ length: end[place]! - head[place]! }, (_, i) => head[place]! + i)
      .filter(kept)
      .sort(compare);
    head[place] = order.length;
    order.push(...list);
    end[place] = order.length;
  }
  return Int32Array.from(order);
}

/** Higher values first; equal ones in the order of the candidates. */
export const ahead = (value: number, index: number, otherValue: number, otherIndex: number): boolean =>
  value > otherValue || (value === otherValue && index < otherIndex);
