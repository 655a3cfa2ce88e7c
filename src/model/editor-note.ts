/** What an editor adds to one edition. */
export interface EditorNote {
  /** The note by language; a language without one has none. */
  words: Readonly<Record<string, string>>;
  /** Ids of papers that every reader of the edition gets, unless something of theirs is against it. */
  paperIds: readonly number[];
}

/** Longest note, in characters as people count them; where a link leads does not count. */
export const NOTE_LENGTH = 500;

/** Longest note as it is written, addresses of links included. */
export const NOTE_WRITTEN = 4_000;

/** Most papers of the editor's in one edition. */
export const MOST_PICKS = 2;

/** What an edition has where no editor added anything. */
export const NO_NOTE: EditorNote = { words: {}, paperIds: [] };

/** Tells whether anything was added. */
export function saysSomething({ words, paperIds }: EditorNote): boolean {
  return paperIds.length > 0 || Object.values(words).some((text) => text !== '');
}
