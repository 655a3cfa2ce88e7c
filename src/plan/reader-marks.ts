/**
 * What is known of each candidate for one reader after another; nothing is cleared between them, since a mark is the
 * reader's number.
 */
export interface ReaderMarks {
  /** Forgets the last reader. */
  next(): void;
  /** Takes a candidate out of the choice: it was shown, is muted or is taken. */
  bar(index: number): void;
  /** Takes a candidate out, and holds its near-duplicates back for another day. */
  barWithTwins(index: number): void;
  isBarred(index: number): boolean;
  /** Tells whether a candidate is out only as the near-duplicate of one that was taken. */
  isHeld(index: number): boolean;
  /** Notes that a wanted interest hits the candidate. */
  see(index: number): void;
  isSeen(index: number): boolean;
}

/** Creates the marks for as many candidates as `twins` has lists: the indexes of each one's near-duplicates. */
export function createReaderMarks(twins: readonly (readonly number[])[]): ReaderMarks {
  const barred = new Uint32Array(twins.length); // = reader
  const held = new Uint32Array(twins.length);
  const seen = new Uint32Array(twins.length);
  let reader = 0;

  function barWithTwins(index: number): void {
    barred[index] = reader;
    const near = twins[index]!;
    for (let i = 0; i < near.length; i++) {
      const twin = near[i]!;
      if (barred[twin] === reader) continue;
      barred[twin] = reader;
      held[twin] = reader;
    }
  }

  return {
    next: () => {
      reader++;
    },
    bar: (index) => void (barred[index] = reader),
    barWithTwins,
    isBarred: (index) => barred[index] === reader,
    isHeld: (index) => held[index] === reader,
    see: (index) => void (seen[index] = reader),
    isSeen: (index) => seen[index] === reader,
  };
}
