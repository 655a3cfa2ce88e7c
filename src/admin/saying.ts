import type { Request } from 'express';
import type { Context } from '../context.ts';
import { whenView, type WhenView } from '../http/moments.ts';
import type { Cell } from '../http/table.ts';
import { visitOf } from '../http/visit.ts';
import type { Translate } from '../lib/strings.ts';

/** How a page of the admin's speaks: words, instants and numbers in the language of who looks at it. */
export interface Saying {
  language: string;
  words: Translate;
  /** An instant as a cell; nothing where there is none. */
  when: (at: Date | null) => Cell;
  /** An instant for a template (partial `when`). */
  moment: (at: Date) => WhenView;
  /** A number with its thousands apart. */
  count: (n: number) => string;
  /** A number with so many digits behind its point. */
  decimal: (n: number, digits: number) => string;
}

/** Makes the way a page speaks to who asked for it. */
export function sayingFor(ctx: Context, req: Request): Saying {
  const { language, words } = visitOf(req);
  const now = ctx.now();
  const locale = language === 'en' ? 'en-GB' : language;
  const numbers = new Intl.NumberFormat(locale);
  return {
    ...{ language, words },
    when: (at) => (at ? { when: whenView(at, now, language) } : ''),
    moment: (at) => whenView(at, now, language),
    count: (n) => numbers.format(n),
    decimal: (n, digits) => n.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  };
}
