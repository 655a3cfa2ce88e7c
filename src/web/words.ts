import { instantInWords } from '../compose/text/dates.ts';
import { knownZone } from '../lib/time.ts';

/** Writes an instant for people, with its zone: «Thursday, 1 January at 08:00 CET». */
export function instantText(language: string, at: Date, timeZone: string): string {
  return instantInWords(at, language, timeZone);
}

/**
 * Writes an instant for the operator, so that no country reads another day: «Sat, 28 Nov 2026, 19:05 CET». In the zone
 * of this machine, which TZ names.
 */
export function momentText(language: string, at: Date, timeZone = machineZone()): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: knownZone(timeZone),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
