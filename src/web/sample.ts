import type { RequestHandler } from 'express';
import { SAMPLE_SUBJECT } from '../preview/sample-input.ts';
import { showNotice } from '../http/notice.ts';
import { visitOf } from '../http/visit.ts';
import { tokenOf } from '../http/parameters.ts';
import type { Web } from './respond.ts';

/**
 * Answers the links of a sample mail with a page that says what a real one would do; lets every other token through.
 */
export function samplePage({ show }: Web): RequestHandler {
  return (req, res, next) => {
    if (tokenOf(req).split('.')[1] !== SAMPLE_SUBJECT) return next();
    const t = visitOf(req).words;
    const purpose = tokenOf(req).split('.')[0] ?? '';
    const known = ['confirm', 'decline', 'preferences', 'unsubscribe', 'react', 'newsletter', 'feed'].includes(purpose);
    const lines = [t('sample.text'), ...(known ? [t(`sample.${purpose}`)] : [])];
    showNotice({ show }, req, res, {
      heading: t('sample.heading'),
      lines,
      links: [{ href: '/', label: t('sample.home') }],
    });
  };
}
