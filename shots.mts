import { launchBrowser } from './test/support/browser.ts';
import { sampleComposer } from './test/world/installation.ts';
import { sampleInput, sampleWeekly } from './test/world/newsletters.ts';
import { samplePaper } from './test/world/papers.ts';
import { realPapers, papersWithAuthors } from './bench/real-papers.ts';
const composer = await sampleComposer();
const browser = await launchBrowser();
const variants: Record<string, any> = {};
const dayLine = { kind: 'discussed', params: { title: 'Tides of attention in small models', comments: 31 } } as const;
for (const [d, papers] of [...realPapers(), ...papersWithAuthors()].entries()) {
  const trending = papers.slice(10, 13).map(({ entry }) => entry);
  variants[`r${d}-ten`] = sampleInput(1, { papers: papers.slice(0, 10), trending });
  variants[`r${d}-ten-perhaps`] = sampleInput(1, { papers: papers.slice(0, 10), trending, perhaps: papers.slice(13, 16), dayLine });
  variants[`r${d}-five`] = sampleInput(1, { papers: papers.slice(0, 5), trending });
}
variants['sample-ten-perhaps'] = sampleInput(10, { perhaps: [41, 42, 43].map((n) => samplePaper(n)), dayLine });
for (const [name, input] of Object.entries(variants)) {
  const html = composer.page(input, { personal: true }).html;
  const page = await browser.newPage({ viewport: { width: 375, height: 800 }, deviceScaleFactor: 1 });
  await page.setContent(html);
  console.log(name, await page.evaluate('document.documentElement.scrollHeight'));
  if (process.argv.includes(name)) await page.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
  await page.close();
}
await browser.close();
