import type { SourceSetting } from './source-settings.ts';
import { SAMPLES } from './package.ts';

const namesOf = new WeakMap<object, ReadonlySet<string>>();

/** Tells whether a source is the folder of samples that comes with Offprint. */
export function isSampleSource({ SOURCES }: { SOURCES: readonly SourceSetting[] }, source: string): boolean {
  const names = namesOf.get(SOURCES) ?? new Set(SOURCES.filter(isOfSamples).map(({ name }) => name));
  namesOf.set(SOURCES, names);
  return names.has(source);
}

function isOfSamples({ location }: SourceSetting): boolean {
  return location === SAMPLES;
}
