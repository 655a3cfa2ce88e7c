const PARTICLE_WORDS =
  'van von vom der den de del della di da dos du la le el al bin ibn ben ter ten te zu zum zur af av das do y st';

/** What stands before a family name and belongs to it, in small letters. */
export const PARTICLES: ReadonlySet<string> = new Set(PARTICLE_WORDS.split(' '));

/** «J.», «JA», «J.-P.», in capitals; three without a stop are a name as soon as a vowel is among them. */
const INITIALS = /^(?:\p{Lu}{1,2}|[B-DF-HJ-NP-TV-Z]{3}|(?:\p{Lu}\.-?){1,4}\p{Lu}?)$/u;

/** «John Smith II». */
const GENERATION = /^(?:II|IV)$/;

/** A name whose initials stand behind its family name, in the letters it is written in. */
interface InitialsBehind {
  family: string;
  /** «JA», or «J.» and «A.». */
  initials: readonly string[];
  /** Particles behind the initials: «Neumann J. v.». */
  particles: readonly string[];
}

/** Parts «Smith JA», «Neumann J. v.»: capitals behind the family name are initials. Null for any other name. */
export function partInitials(name: string): InitialsBehind | null {
  if (!/\p{Ll}/u.test(name)) return null;
  const written = name.trim().split(/\s+/);
  const first = written.findIndex((part, at) => at > 0 && INITIALS.test(part));
  if (first < 1 || !written.slice(0, first).some((part) => /\p{L}{2}/u.test(part) && !INITIALS.test(part))) return null;
  if (first > 1 && GENERATION.test(written.slice(first).join(' '))) return null;
  const behind = written.slice(first).map((part) => (part === 'v.' ? 'von' : part));
  const particles = behind.filter((part) => !INITIALS.test(part));
  if (!particles.every((part) => PARTICLES.has(part))) return null; // «Quoc V. Le»: written small, or a family name
  return {
    family: written.slice(0, first).join(' '),
    initials: behind.filter((part) => INITIALS.test(part)),
    particles,
  };
}

/** Writes «Smith JA» as «Smith, J A», which says the same in small letters too; any other name as it is. */
export function withInitialsApart(name: string): string {
  const found = name.includes(',') ? null : partInitials(name);
  if (!found) return name;
  const letters = found.initials.flatMap((part) => part.match(/\p{L}/gu) ?? []);
  return `${found.family}, ${[...letters, ...found.particles].join(' ')}`;
}
