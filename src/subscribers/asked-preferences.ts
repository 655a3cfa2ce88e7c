import type { Selectivity } from '../model/match.ts';
import { DEFAULT_SELECTIVITY, type Preferences } from '../model/subscriber.ts';

/** Preferences as a form gives them: the sign-up form leaves the reader's line, and «perhaps», as they are. */
export type AskedPreferences = Omit<Preferences, 'selectivity' | 'perhaps'> & {
  selectivity?: Selectivity | undefined;
  perhaps?: boolean | undefined;
};

/** Fills in what a form did not ask for, as it was. */
export function settledPreferences(
  asked: AskedPreferences,
  { selectivity, perhaps }: Pick<Preferences, 'selectivity' | 'perhaps'> = {
    selectivity: DEFAULT_SELECTIVITY,
    perhaps: false,
  },
): Preferences {
  const { cadence, weekday, hour, timeZone, maxPapers, language } = asked;
  return {
    cadence,
    weekday,
    hour,
    timeZone,
    maxPapers,
    language,
    selectivity: asked.selectivity ?? selectivity,
    perhaps: asked.perhaps ?? perhaps,
  };
}

/**
 * Takes the preferences out of a checked form, `most` papers where it says nothing. Written out key by key: V8 makes a
 * shape of its own for each object that another is spread into and that then grows, which made most of what an import
 * left to be collected (Node 20.20).
 */
export function preferencesOf(
  asked: Omit<AskedPreferences, 'maxPapers'> & { maxPapers?: number | undefined },
  most: number,
): AskedPreferences {
  const { cadence, weekday, hour, timeZone, maxPapers = most, language } = asked;
  const preferences: AskedPreferences = { cadence, weekday, hour, timeZone, maxPapers, language };
  if (asked.selectivity !== undefined) preferences.selectivity = asked.selectivity;
  if (asked.perhaps !== undefined) preferences.perhaps = asked.perhaps;
  return preferences;
}
