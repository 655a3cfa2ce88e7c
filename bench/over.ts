/** Tells whether a figure is over what it may be at most; one that was never measured is. */
export function isOver(measured: number, most: number): boolean {
  return !(measured <= most);
}
