import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { papersWithAuthors, realPapers } from '../../bench/real-papers.ts';
import { launchBrowser } from '../support/browser.ts';
import { extremeInput } from '../world/hostile.ts';
import { sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleNotice, sampleWeekly } from '../world/newsletters.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let mails: Record<string, string>;
beforeAll(async () => {
  browser = await launchBrowser();
  const composer = await sampleComposer();
  const trends = [{ interestId: 2, from: '2025-12-01', days: Array.from({ length: 30 }, (_, day) => day % 4) }];
  mails = {
    daily: composer.page(sampleInput(6, { trends, notes: [{ digestOn: '2025-12-30', verdict: 'partial' }] }), {
      personal: true,
    }).html,
    weekly: composer.page(sampleWeekly(8), { personal: true }).html,
    extreme: composer.page(extremeInput(true), { personal: true }).html,
    confirmation: (await PostalMime.parse(composer.notice(sampleNotice('confirmation')).raw)).html ?? '',
    moving: (await PostalMime.parse(composer.notice(sampleNotice('moving')).raw)).html ?? '',
  };
}, 60_000);
afterAll(() => browser.close());

async function open(
  name: string,
  scheme: 'light' | 'dark',
  width: number,
  use: (page: Page, asked: string[]) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
  const page = await context.newPage();
  const asked: string[] = [];
  await page.route('**/*', (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  await page.setContent(mails[name] ?? '', { waitUntil: 'domcontentloaded' });
  await use(page, asked);
  await context.close();
}

interface Found {
  violations: { id: string; nodes: { html: string }[] }[];
}

describe.each(['daily', 'weekly', 'extreme', 'confirmation', 'moving'])('the %s mail', (name) => {
  test.each(['light', 'dark'] as const)(
    'when axe looks at it in the %s scheme, then it finds nothing, and nobody was asked for anything',
    async (scheme) => {
      await open(name, scheme, 640, async (page, asked) => {
        await page.evaluate(axe);
        const found = await page.evaluate<Found>(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          // A mail is a part of the client's page.
          rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } } })`,
        );
        expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(asked).toEqual([]);
      });
    },
    60_000,
  );

  test('when it is read on a small phone, or at twice the text size, then nothing scrolls sideways', async () => {
    await open(name, 'light', 320, async (page) => {
      const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth');
      expect(await overflow()).toBeLessThanOrEqual(320);
    });
    await open(name, 'light', 640, async (page) => {
      await page.addStyleTag({ content: 'html { font-size: 200%; } body * { font-size: 32px !important; }' });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(640);
    });
  }, 60_000);

  test('when it is read on a phone, then each link is high enough for a thumb: 44 pixels', async () => {
    await open(name, 'light', 390, async (page) => {
      const low = await page.evaluate<string[]>(
        `[...document.links].filter((link) => link.getBoundingClientRect().height < 44).map((link) => link.textContent)`,
      );
      expect(low).toEqual([]);
    });
  }, 60_000);

  test('when a client inverts its colours by force, then all text still stands out', async () => {
    await open(name, 'light', 640, async (page) => {
      const low = await page.evaluate<string[]>(`(${lowContrastInverted.toString()})()`);
      expect(low).toEqual([]);
    });
  }, 60_000);
});

test('when ten papers and the sentence of the day are read on a phone of 375 pixels, then they take at most 3,200, on real days too', async () => {
  const composer = await sampleComposer();
  const dayLine = { kind: 'discussed', params: { title: 'Tides of attention in small models', comments: 31 } } as const;
  const days = [...realPapers(), ...papersWithAuthors()].map((papers) => ({
    papers: papers.slice(0, 10),
    trending: papers.slice(10, 13).map(({ entry }) => entry),
  }));
  if (days.length === 0)
    process.stdout.write('The real digests do not lie beside the repository: made-up papers alone\n');
  for (const [at, change] of [{}, ...days].entries()) {
    mails[`ten ${at}`] = composer.page(sampleInput(10, { dayLine, ...change }), { personal: true }).html;
    await open(`ten ${at}`, 'light', 375, async (page) => {
      const height = await page.evaluate<number>('document.documentElement.scrollHeight');
      expect(height).toBeLessThanOrEqual(3_200);
      expect(height).toBeGreaterThan(1_500);
    });
  }
}, 60_000);

test('when text is too pale, then the check for forced inversion tells', async () => {
  mails.pale = (mails.daily ?? '').replaceAll('#57606a', '#a0a0a0');
  await open('pale', 'light', 640, async (page) => {
    expect(await page.evaluate<string[]>(`(${lowContrastInverted.toString()})()`)).not.toEqual([]);
  });
});

/**
 * Runs in the page: inverts the lightness of every colour, as Gmail and Outlook do, and lists text under 4.5:1 (WCAG
 * 1.4.3; 3:1 large).
 */
function lowContrastInverted(): string[] {
  /* oxlint-disable */
  const doc = (globalThis as any).document;
  const view = doc.defaultView;
  const parse = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const invert = ([r = 0, g = 0, b = 0]: number[]) => {
    const most = Math.max(r, g, b),
      least = Math.min(r, g, b),
      shift = 255 - most - least; // lightness turned round, hue kept
    return [r + shift, g + shift, b + shift].map((c) => Math.min(255, Math.max(0, c)));
  };
  const luminance = (c: number[]) => {
    const [r = 0, g = 0, b = 0] = c.map((v) =>
      v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (start: any) => {
    for (let at = start; at; at = at.parentElement) {
      const c = parse(view.getComputedStyle(at).backgroundColor);
      if ((c[3] ?? 1) > 0) return c;
    }
    return [255, 255, 255];
  };
  const low: string[] = [];
  for (const element of doc.body.querySelectorAll('*')) {
    const text = [...element.childNodes]
      .filter((n: any) => n.nodeType === 3)
      .map((n: any) => n.data)
      .join('')
      .trim();
    const style = view.getComputedStyle(element);
    if (!text || style.display === 'none' || element.offsetHeight === 0 || parseFloat(style.fontSize) < 2) continue;
    const [a = 0, b = 0] = [luminance(invert(parse(style.color))), luminance(invert(background(element)))].sort(
      (x, y) => y - x,
    );
    const large =
      parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5))
      low.push(((a + 0.05) / (b + 0.05)).toFixed(2) + ' ' + text.slice(0, 30));
  }
  return low;
  /* oxlint-enable */
}
