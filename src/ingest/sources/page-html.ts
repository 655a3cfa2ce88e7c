import { AppError } from '../../lib/errors.ts';
import type { DayHints } from './list-day.ts';

/**
 * Takes the list out of the HTML of a papers page: JSON in `data-props` of the element `data-target="DailyPapers"`, its
 * papers in the API's shape. Returns it as JSON text. Throws AppError bad-input where the page has no such element.
 */
export function listInHtml(html: string, { name }: DayHints): string {
  const element = /\bdata-target="DailyPapers"(?<=<div\b[^>]{0,500})[^>]{0,500}?\bdata-props="([^"]*)"/.exec(html)?.[1];
  const papers = element === undefined ? undefined : dailyPapersOf(unescapeHtml(element));
  if (!Array.isArray(papers)) {
    throw new AppError(
      'bad-input',
      `${name}: a web page without a list of papers (no data-target="DailyPapers"); expected a papers page, its text, the JSON of daily_papers, or a feed`,
    );
  }
  return JSON.stringify(papers);
}

function dailyPapersOf(json: string): unknown {
  try {
    const props: unknown = JSON.parse(json);
    return typeof props === 'object' && props !== null && 'dailyPapers' in props ? props.dailyPapers : undefined;
  } catch {
    return undefined;
  }
}

function unescapeHtml(text: string): string {
  const marks: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, decimal?: string, hex?: string) => {
      if (name) return marks[name.toLowerCase()] ?? whole;
      const point = decimal ? Number(decimal) : parseInt(hex ?? '', 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
