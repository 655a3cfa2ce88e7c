import type { Config } from './config.ts';
import { fromRoot } from './package.ts';

/** Where the papers lie that come with Offprint, to be looked at before a source is set. */
const SAMPLES = fromRoot('seeds/digests');

/** Tells whether a source is the folder of samples that comes with Offprint. */
export function isSampleSource({ SOURCES }: Pick<Config, 'SOURCES'>, source: string): boolean {
  return SOURCES.some(({ name, location }) => name === source && location === SAMPLES);
}
