import type { Request } from 'express';
import { urlOf } from '../http/pager.ts';
import { searchOf } from '../http/parameters.ts';
import { languageAskedFor } from '../http/visit.ts';
import { languageName, languages } from '../lib/strings.ts';

/** Where the frame of a page has its language switch, which depends on the address alone, never on the page. */
const SWITCH = '<!--languages-->';

/** Addresses of our own in a page; what a style sheet or a script is loaded from has no language. */
const OWN_LINK = /\b(href|action|src)="(\/(?!\/|assets\/)(?:[^"#&]|&#?)*)(#[^"]*)?"/g;
const GET_FORM = /<form method="get"[^<>]*>/g;

/**
 * Finishes a page for one request: with the switch to other languages, and where the address asks for a language
 * (`?lang=`), with that in every link and form of ours. Parts of pages, which have no switch, stay as they are.
 */
export function finishPage(req: Request, html: string, spoken: string): string {
  if (!html.includes(SWITCH)) return html;
  const asked = languageAskedFor(req);
  return (asked === undefined ? html : keepLanguage(html, asked)).replace(SWITCH, () => languageSwitch(req, spoken));
}

/** Returns an address of ours with the language that the request asks for, if any. */
export function inSameLanguage(req: Request, path: string): string {
  const asked = languageAskedFor(req);
  return asked === undefined ? path : urlOf(path, { lang: asked });
}

/** Puts a language into every link and form of a page that lead to us, but for those that name one. */
export function keepLanguage(html: string, language: string): string {
  return html
    .replace(OWN_LINK, (_all, name: string, path: string, hash = '') => {
      return `${name}="${withLanguage(path, language)}${hash}"`;
    })
    .replace(GET_FORM, (tag) => `${tag}<input type="hidden" name="lang" value="${language}">`);
}

function withLanguage(path: string, language: string): string {
  if (/[?&;]lang(?:=|&#x3D;)/.test(path)) return path;
  return `${path}${path.includes('?') ? '&amp;' : '?'}lang=${language}`;
}

/** The page in the other languages. What answers a form has no address to lead to. */
function languageSwitch(req: Request, spoken: string): string {
  if (req.method !== 'GET' && req.method !== 'HEAD') return '';
  const searchParams = new URLSearchParams(searchOf(req));
  const choices = languages().map((code) => {
    const name = languageName(code);
    if (code === spoken) return `<span lang="${code}" aria-current="true">${name}</span>`;
    searchParams.set('lang', code);
    const query = searchParams.toString().replaceAll('&', '&amp;');
    return `<a href="?${query}" lang="${code}" hreflang="${code}" rel="alternate nofollow">${name}</a>`;
  });
  return `<p class="languages">${choices.join(' · ')}</p>`;
}
