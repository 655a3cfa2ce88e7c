/** Lists of numbers one behind the other, in two arrays for all of them. */
export interface PackedLists {
  numbers: Uint32Array;
  /** Where each list ends. */
  ends: Uint32Array;
}

/** Packs lists of whole numbers from 0 on, in their order. */
export function packLists(lists: readonly (readonly number[])[]): PackedLists {
  let length = 0;
  const ends = Uint32Array.from(lists, (list) => (length += list.length));
  return { numbers: Uint32Array.from(lists.flat()), ends };
}

/** Returns one of the lists; empty where there is none at that place. */
export function listAt({ numbers, ends }: PackedLists, place: number): Uint32Array {
  return numbers.subarray(place === 0 ? 0 : ends[place - 1], ends[place] ?? 0);
}
