import { knownZone } from '../../lib/time.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

const STYLES = {
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/**
 * Words a local date, YYYY-MM-DD: «Wednesday, 31 December 2025» (full), «31 December 2025» (long), «31 Dec 2025»
 * (medium).
 */
export function dateInWords(date: string, language: string, style: keyof typeof STYLES): string {
  const key = `${language} ${style}`;
  let format = formats.get(key);
  if (!format) {
    // Day before month reads the same to everyone; plain «en» would put the month first.
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...STYLES[style], timeZone: 'UTC' });
    formats.set(key, format);
  }
  return format.format(new Date(`${date}T00:00:00Z`));
}

/** Words an instant, with its zone: «Thursday, 1 January at 08:00 CET»; one that may lie years back with its year. */
export function instantInWords(
  at: Date,
  language: string,
  timeZone: string,
  more: Pick<Intl.DateTimeFormatOptions, 'year'> = {},
): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: knownZone(timeZone),
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...more,
  }).format(at);
}
