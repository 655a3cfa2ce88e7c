/**
 * What is known of each candidate for one reader after another. A mark is the reader's number, so nothing is cleared
 * between them. The arrays are read as they are: a call for each paper made planning a tenth slower.
 */
export interface ReaderMarks {
  /** Number of the reader at hand. */
  reader: number;
  /** = reader: out of the choice, since it was shown, is muted or is taken. */
  barred: Uint32Array;
  /** = reader: out only as the near-duplicate of one that was taken; it waits for another day. */
  held: Uint32Array;
  /** = reader: hit by a wanted interest. */
  seen: Uint32Array;
  /** Indexes of each candidate's near-duplicates. */
  twins: readonly (readonly number[])[];
}

/** Creates the marks for as many candidates as `twins` has lists. */
export function createReaderMarks(twins: readonly (readonly number[])[]): ReaderMarks {
  const marks = () => new Uint32Array(twins.length);
  return { reader: 0, barred: marks(), held: marks(), seen: marks(), twins };
}

/** Takes a candidate out, and holds its near-duplicates back for another day. */
export function barWithTwins({ reader, barred, held, twins }: ReaderMarks, index: number): void {
  barred[index] = reader;
  const near = twins[index]!;
  for (let i = 0; i < near.length; i++) {
    const twin = near[i]!;
    if (barred[twin] === reader) continue;
    barred[twin] = reader;
    held[twin] = reader;
  }
}
