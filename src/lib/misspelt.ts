/** Complains of names a letter or two off a setting: mistakes that would otherwise pass in silence. */
export function misspelt(names: readonly string[], known: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (known.includes(name)) return [];
    const near = nearest(name, known);
    return near ? [`${name}: no such setting; did you mean ${near}?`] : [];
  });
}

/** Finds a known name that this one is a letter or two off. */
export function nearest<Name extends string>(name: string, known: readonly Name[]): Name | undefined {
  return known.find((one) => editDistance(name, one) <= (one.length < 8 ? 1 : 2));
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > 2) return 3; // it only grows
    row = next;
  }
  return row[b.length] ?? 3;
}
