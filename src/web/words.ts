import { instantInWords } from '../compose/text/dates.ts';

/** Writes an instant for people, with its zone: «Thursday, 1 January at 08:00 CET»; with its year where asked for. */
export function instantText(language: string, at: Date, timeZone: string, more: { year?: 'numeric' } = {}): string {
  return instantInWords(at, language, timeZone, more);
}
