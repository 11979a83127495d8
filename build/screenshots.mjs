/**
 * `npm run screenshots`: starts Halfspread as `npm start` does, lets it trade the recorded market for a while, and takes the
 * four pages (and one trade) in light and dark, English and French, into docs/pictures/.
 * Options: `--seconds N` how long it trades first (default 90), `--to FOLDER`.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hasChromium, launchChromium, openPage, startHalfspread } from './e2e/halfspread-window.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '90' }, to: { type: 'string', default: 'docs/pictures' } },
});
const PAGES = ['overview', 'latency', 'trades', 'slippage', 'trade'];
const LOOKS = [
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'fr' },
  { theme: 'light', language: 'fr' },
];

if (!hasChromium) {
  console.error('The pictures need Debian’s chromium: apt-get install chromium');
  process.exit(2);
}
mkdirSync(values.to, { recursive: true });
const app = await startHalfspread();
const browser = await launchChromium();
try {
  const { page, problems } = await openPage(browser, app.link);
  console.log(`trading for ${values.seconds} s first`);
  await page.waitForTimeout(Number(values.seconds) * 1000);
  const tradeHref = await page.evaluate(() => {
    location.hash = '#/overview';
    return document.querySelector('a[href^="#/trade/"]')?.getAttribute('href');
  });
  for (const { theme, language } of LOOKS) {
    await choose(page, { theme, language });
    for (const name of PAGES) {
      await page.evaluate((hash) => (location.hash = hash), name === 'trade' ? (tradeHref ?? '#/trades') : `#/${name}`);
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${values.to}/${name}-${theme}-${language}.png` });
      console.log(`${values.to}/${name}-${theme}-${language}.png`);
    }
  }
  if (problems.length > 0) throw new Error(`the page reported: ${problems.join('; ')}`);
} finally {
  await browser.close();
  await app.stop();
}

/** Through the window's own menu, as a person would. */
async function choose(page, { theme, language }) {
  await page.locator('.display-menu > button').click();
  const menu = page.locator('.display-menu');
  await menu.getByText(language === 'fr' ? 'Français' : 'English', { exact: true }).click();
  await page.waitForTimeout(300);
  const words = { dark: /^(Dark|Sombre)$/, light: /^(Light|Clair)$/ };
  await menu.getByText(words[theme]).click();
  await page.waitForTimeout(200);
  await page.keyboard.press('Escape');
}
