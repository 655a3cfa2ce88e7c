/** Returns a value that our own code has put there; throws, naming it, where a defect left it out. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`${what} is missing: a defect of ours`);
  return value;
}
