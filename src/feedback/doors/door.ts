/** A door that stands open. */
export interface Door {
  close: () => Promise<void>;
}
