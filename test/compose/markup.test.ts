import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import mjml2html from 'mjml';
import { beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { readTemplate } from '../../src/compose/render.ts';
import type { Composer } from '../../src/model/newsletter.ts';
import PostalMime from 'postal-mime';
import { extremeInput } from '../world/hostile.ts';
import { sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleNotice, sampleWeekly } from '../world/newsletters.ts';
import { allOf, attributeOf, linksOf, parseHtml, textOf } from './html.ts';

/**
 * Standard and accessible HTML, but for what mail needs: inline styles, old attributes, conditional comments for
 * Outlook.
 */
const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    'no-conditional-comment': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off', // the title is the subject
    'prefer-native-element': 'off', // MJML's wrapper is an article by role
    'script-type': 'off',
    'attr-quotes': 'off',
    'void-style': 'off',
    'doctype-style': 'off',
  },
});

let mails: Record<string, string>;
let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
  const pages = {
    daily: sampleInput(10),
    one: sampleInput(1, { trending: [] }),
    weekly: sampleWeekly(8, { notes: [{ digestOn: '2025-12-30', verdict: 'partial' }] }),
    welcome: sampleInput(4, { editionKey: 'welcome:1' }),
    trends: sampleInput(3, {
      trends: [{ interestId: 2, from: '2025-12-01', days: Array.from({ length: 30 }, (_, day) => day % 4) }],
    }),
    extreme: extremeInput(true),
  };
  mails = Object.fromEntries(
    Object.entries(pages).map(([name, input]) => [name, composer.page(input, { personal: true }).html]),
  );
  mails.public = composer.page(pages.daily, { personal: false }).html;
  for (const kind of ['confirmation', 'reminder', 'link', 'moving', 'alarm'] as const) {
    mails[kind] = (await PostalMime.parse(composer.notice(sampleNotice(kind)).raw)).html ?? '';
  }
});

const NAMES = [
  'daily',
  'one',
  'weekly',
  'welcome',
  'trends',
  'extreme',
  'public',
  'confirmation',
  'reminder',
  'link',
  'moving',
  'alarm',
];

describe.each(NAMES)('the %s mail', (name) => {
  test('when it is validated, then there is no error', async () => {
    const report = await validator.validateString(mails[name] ?? '');
    expect(
      report.results.flatMap(({ messages }) =>
        messages.map(({ ruleId, message, line }) => `${line}: ${ruleId} ${message}`),
      ),
    ).toEqual([]);
  });

  test('when its outline is read, then there is one h1, first, and no level is skipped', () => {
    const document = parseHtml(mails[name] ?? '');
    const levels = ['h1', 'h2', 'h3'].map((level) => allOf(document, level).length);
    expect(levels[0]).toBe(1);
    if (levels[2]) expect(levels[1]).toBeGreaterThan(0);
  });

  test('when its language, title and scheme are asked, then they are there', () => {
    const document = parseHtml(mails[name] ?? '');
    expect(attributeOf(allOf(document, 'html')[0]!, 'lang')).toBe('en');
    expect(allOf(document, 'title')).toHaveLength(1);
    expect(allOf(document, 'meta').map((meta) => attributeOf(meta, 'name'))).toEqual(
      expect.arrayContaining(['color-scheme', 'supported-color-schemes', 'viewport']),
    );
    for (const table of allOf(document, 'table')) expect(attributeOf(table, 'role')).toBe('presentation');
  });

  test('when it is opened, then it asks nobody for anything', () => {
    const html = mails[name] ?? '';
    expect(html).not.toMatch(/<(img|link|script|iframe|form|object|embed)\b|@import|url\(/i);
    for (const { href, text } of linksOf(parseHtml(html))) {
      expect(href).toMatch(/^https:\/\//);
      expect(text).not.toMatch(/^(click here|here|read more|more|link)$/i);
    }
  });

  test('when the preheader is read, then it is short and not the subject again', () => {
    const document = parseHtml(mails[name] ?? '');
    const hidden = allOf(document, 'div').find((div) => attributeOf(div, 'style')?.includes('display:none'));
    const preheader = hidden ? textOf(hidden) : '';
    expect(preheader.length).toBeGreaterThanOrEqual(30);
    expect(preheader.length).toBeLessThanOrEqual(150);
    const title = allOf(document, 'title')[0]?.childNodes[0];
    expect(preheader).not.toBe(title && 'value' in title ? title.value : '');
  });
});

describe.each(readdirSync(join(PACKAGE_ROOT, 'templates', 'mail')).filter((file) => file.endsWith('.mjml')))(
  'the template %s',
  (file) => {
    const tags = (text: string) => (text.match(/\{\{[^}]*\}\}/g) ?? []).sort();

    test('when MJML compiles it, then it objects to nothing', async () => {
      const { errors } = await mjml2html(readTemplate(file), { validationLevel: 'strict', fonts: {} });
      expect(errors).toEqual([]);
    });

    test('when MJML compiles it, then no template tag is dropped', async () => {
      const { html } = await mjml2html(readTemplate(file), { validationLevel: 'strict', fonts: {} });
      // Title, language and direction come back more than once (MJML repeats them on its wrapper); nothing may come
      // back less often.
      const before = tags(readTemplate(file));
      const after = tags(html);
      expect(before.length).toBeGreaterThan(10);
      for (const tag of new Set(before)) {
        const count = (list: string[]) => list.filter((each) => each === tag).length;
        if (/^\{\{(language|subject|slot "subject")\}\}$/.test(tag))
          expect(count(after), tag).toBeGreaterThanOrEqual(count(before));
        else expect(count(after), tag).toBe(count(before));
      }
    });

    test('when a bare tag stands outside mj-raw, then MJML drops it and the count tells', async () => {
      const broken = readTemplate(file).replace('</mj-body>', '{{#if dropped}}{{/if}}</mj-body>');
      const { html } = await mjml2html(broken, { validationLevel: 'soft', fonts: {} });
      expect(tags(html).length).toBeLessThan(tags(broken).length + 3);
      expect(tags(html)).not.toContain('{{#if dropped}}');
    });
  },
);
