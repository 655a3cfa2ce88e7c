import { knownZone } from '../lib/time.ts';

/** Writes an instant for people, with its zone: «Thursday, 1 January at 08:00 CET». */
export function instantText(language: string, at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: knownZone(timeZone),
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}
