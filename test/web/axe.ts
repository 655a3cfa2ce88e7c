import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is asked of a page in each guise: all of it, and of the second one what colours alone change. */
const ASKED = [
  ['light', "{ iframes: false, resultTypes: ['violations'] }"],
  ['dark', "{ iframes: false, resultTypes: ['violations'], runOnly: ['cat.color'] }"],
] as const;

interface Violation {
  id: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** Expects a page to have no axe violation in light and dark, and nothing wider than the window. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.locator('.busy').first().waitFor({ state: 'detached' }); // what is about to be replaced is faded
  await page.evaluate(AXE);
  for (const [colorScheme, how] of ASKED) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate<Violation[]>(`axe.run(document, ${how}).then(({ violations }) => violations)`);
    const told = found.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${String(node.target)} ${node.failureSummary}`).join('; ')}`,
    );
    expect(told, `${page.url()} in ${colorScheme}`).toEqual([]);
  }
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
}

/** What can be pressed, opened or filled in and the Tab key does not come to, or comes to out of turn. */
const OUT_OF_REACH = `
  [...document.querySelectorAll('a, button, input, select, textarea, summary, [role=button], [onclick], [tabindex]:not(main)')]
    .filter((one) => one.checkVisibility() && !one.disabled && one.type !== 'hidden')
    .filter((one) => one.tabIndex < 0 || one.tabIndex > 0)
    .map((one) => one.outerHTML.slice(0, 120))`;

/** Expects that all there is to do on a page can be reached by the keyboard, in the order in which it stands. */
export async function expectReachable(page: Page): Promise<void> {
  expect(await page.evaluate<string[]>(OUT_OF_REACH), `${page.url()} by keyboard`).toEqual([]);
}
