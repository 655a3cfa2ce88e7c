/**
 * Makes a table that holds what it was given and nothing else: looked up by outside text, `constructor` and `__proto__`
 * are not in it.
 */
export function plainRecord<V>(entries: Readonly<Record<string, V>>): Record<string, V> {
  return Object.assign(Object.create(null) as Record<string, V>, entries);
}
