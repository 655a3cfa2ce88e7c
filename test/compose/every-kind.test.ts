import PostalMime from 'postal-mime';
import { beforeAll, describe, expect, test } from 'vitest';
import { languages, readCatalogue } from '../../src/lib/strings.ts';
import { isNotice, MAIL_KINDS, mailKinds, type MailKind } from '../../src/model/mail-kind.ts';
import { readNotice } from '../../src/model/notice.ts';
import type { Composer } from '../../src/model/newsletter.ts';
import { PAYLOADS, sampleInput, sampleNotice } from '../world/newsletters.ts';
import { sampleComposer } from '../world/installation.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
});

/** Composes a mail of a kind and reads it as a mail program does. */
async function rendered(kind: MailKind, language: string) {
  const mail = isNotice(kind)
    ? composer.notice(sampleNotice(kind, { language }))
    : composer.newsletter(sampleInput(2, { language }));
  const { subject = '', html = '', text = '' } = await PostalMime.parse(mail.raw);
  return { subject, html, text };
}

describe.each(mailKinds())('a mail of kind %s', (kind) => {
  const row = MAIL_KINDS[kind];

  test('when it is planned, then it has a priority that the column holds', () => {
    expect(Number.isInteger(row.priority) && row.priority >= 0 && row.priority <= 9).toBe(true);
  });

  test.each(languages())('when it is worded in %s, then every key of its wording has words', (language) => {
    const [english, catalogue] = [readCatalogue('en'), readCatalogue(language)];
    for (const words of [row.words.says, row.words.answers]) {
      const keys = Object.keys(english).filter((key) => key.startsWith(`${words}.`));
      expect(keys.length).toBeGreaterThan(1);
      expect(keys.filter((key) => !catalogue[key]?.trim())).toEqual([]);
    }
  });

  test.each(languages())('when it is composed in %s, then both parts say it, in that language', async (language) => {
    const { subject, html, text } = await rendered(kind, language);
    expect(subject.length).toBeGreaterThan(5);
    expect(html).toMatch(new RegExp(`<html[^>]* lang="${language}"`));
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(text.length).toBeGreaterThan(80);
    for (const part of [subject, html, text]) expect(part).not.toContain(`${row.words.says}.`);
    const elsewhere = await rendered(kind, languages().find((other) => other !== language) ?? '');
    expect(text).not.toBe(elsewhere.text);
  });
});

describe.each(mailKinds().filter(isNotice))('the payload of a notice of kind %s', (kind) => {
  test('when it is read, then it is what it was, and what is no part of it is refused', () => {
    expect(readNotice(kind, PAYLOADS[kind])).toEqual({ kind, payload: PAYLOADS[kind] });
    for (const wrong of [{ ...PAYLOADS[kind], requestPublicId: 'req1' }, 'words', undefined])
      expect(() => readNotice(kind, wrong)).toThrow();
  });

  test('when it has a button, then it leads to what its link does', async () => {
    const { link } = MAIL_KINDS[kind];
    const { text } = await rendered(kind, 'en');
    if (link) expect(text).toMatch(new RegExp(`/[a-z-]+/${link.does}\\.Abcdefgh12345678\\.1\\.`));
    else expect(text).not.toMatch(/Abcdefgh12345678/);
  });
});
