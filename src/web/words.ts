import { instantInWords } from '../compose/text/dates.ts';

/** Writes an instant for people, with its zone: «Thursday, 1 January at 08:00 CET». */
export function instantText(language: string, at: Date, timeZone: string): string {
  return instantInWords(at, language, timeZone);
}
