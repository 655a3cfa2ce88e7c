/** Statements that are planned once a session: their names, by their text. */
const names = new Map<string, string>();

/** Has a statement of Prisma's planned once a session, under its name. */
export function planOnce(text: string, name: string): void {
  names.set(text, name);
}

/** Returns the name under which a session keeps the plan of a statement; empty where it keeps none. */
export function keptName(text: string): string {
  return names.get(text) ?? '';
}
