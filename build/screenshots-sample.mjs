/**
 * Pictures of the built renderer on sample data, every page in both themes and languages, without engine or shell:
 * `node build/screenshots-sample.mjs FOLDER [NAME-PART]`. Fails when the page breaks its content policy or throws.
 */
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { sampleAlerts } from '../renderer/sample/alerts.ts';
import { createFakeBridge } from '../renderer/sample/fake-bridge.ts';
import { lockedStorage, refusedStorage, sampleKeys, samplePrompt } from '../renderer/sample/keys.ts';
import { sampleApp, sampleSnapshot } from '../renderer/sample/snapshot.ts';

const folder = process.argv[2] ?? 'dist/screenshots-sample';
const wanted = process.argv[3] ?? '';
const width = Number(process.env.WIDTH ?? 1280);
const height = Number(process.env.HEIGHT ?? 800);
const root = join(import.meta.dirname, '../dist/renderer');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'";

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
  const file = join(root, path === '/' ? 'index.html' : path);
  try {
    const body = readFileSync(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(body);
  } catch (error) {
    response.writeHead(404).end(String(error));
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const snapshot = sampleSnapshot();
const offline = { link: { state: 'lost', rtt: { n: 0 }, lastSeenAt: snapshot.at, attempt: 6 } };
const blocked = {
  engine: {
    state: 'blocked',
    restarts: 5,
    error: {
      code: 'HS_JOURNAL_CORRUPT',
      message: 'The journal is damaged at line 1,204 and was left untouched.',
      remedy: 'Start with `--repair-journal` to keep everything before that line, or restore a copy.',
    },
  },
};
const scenes = [];
for (const language of ['en', 'fr']) {
  for (const theme of ['dark', 'light']) {
    const app = sampleApp({ language, theme });
    for (const page of ['overview', 'latency', 'trades', 'trade/7', 'slippage', 'alerts', 'risk']) {
      scenes.push({ name: `${page.replace('/7', '')}-${theme}-${language}`, app, snapshot, hash: `#/${page}` });
    }
  }
}
const app = sampleApp();
const light = sampleApp({ theme: 'light', language: 'fr' });
const empty = sampleSnapshot({ fill: 'empty' });
const retail = sampleSnapshot({ orderClass: 'retail', network: 'vps-near' });
scenes.push(
  { name: 'state-empty-overview', app: light, snapshot: empty, hash: '#/overview' },
  { name: 'state-empty-latency', app, snapshot: empty, hash: '#/latency' },
  { name: 'state-empty-trades', app: light, snapshot: empty, hash: '#/trades' },
  { name: 'state-empty-slippage', app: light, snapshot: empty, hash: '#/slippage' },
  { name: 'state-loading', app: light, hash: '#/overview' },
  { name: 'state-error', app: sampleApp(blocked), hash: '#/slippage' },
  { name: 'state-stale', app: sampleApp({ ...offline, theme: 'light' }), snapshot, hash: '#/slippage' },
  { name: 'retail-latency', app, snapshot: retail, hash: '#/latency' },
  { name: 'retail-trade', app, snapshot: retail, hash: '#/trade/7' },
  { name: 'tables-latency', app, snapshot, hash: '#/latency', keys: ['v'] },
  { name: 'tables-trade', app, snapshot, hash: '#/trade/7', keys: ['v'] },
  { name: 'tables-slippage', app: light, snapshot, hash: '#/slippage', keys: ['v'] },
  { name: 'tables-overview', app: light, snapshot, hash: '#/overview', keys: ['v'] },
  { name: 'dialog-market', app: light, snapshot, hash: '#/overview', keys: ['m'] },
  { name: 'dialog-keys', app, snapshot, hash: '#/overview', keys: ['?'] },
  { name: 'dialog-close-all', app, snapshot, hash: '#/overview', keys: ['Control+Shift+X'] },
  {
    name: 'risk-refused',
    app,
    snapshot,
    hash: '#/risk',
    keyring: sampleKeys({ keys: [], storage: refusedStorage }),
  },
  { name: 'risk-locked', app: light, snapshot, hash: '#/risk', keyring: sampleKeys({ storage: lockedStorage }) },
  { name: 'risk-empty', app: light, snapshot, hash: '#/risk', keyring: sampleKeys({ keys: [], unlisted: 2 }) },
  { name: 'risk-add', app, snapshot, hash: '#/risk', click: ['Add a key…'] },
  {
    name: 'risk-add-vest',
    app: light,
    snapshot,
    hash: '#/risk',
    click: ['Ajouter une clé…', 'Une clé de signature Vest existante', 'Adresse propre'],
  },
  { name: 'risk-rotate', app: light, snapshot, hash: '#/risk', click: ['Remplacer… Vest signing key'] },
  { name: 'risk-delete', app, snapshot, hash: '#/risk', click: ['Delete… Home desk'] },
  { name: 'risk-storage', app: light, snapshot, hash: '#/risk', click: ['Changer…'] },
  { name: 'risk-prompt-terminal', app, snapshot, hash: '#/risk', prompt: samplePrompt(['terminal', 'command']) },
  {
    name: 'risk-prompt-clipboard',
    app: light,
    snapshot,
    hash: '#/risk',
    prompt: samplePrompt(['clipboard'], { received: { length: 66, fingerprint: 'a1b2c3d4' } }),
  },
  {
    name: 'risk-operation',
    app,
    snapshot,
    hash: '#/risk',
    keyring: sampleKeys({
      operation: {
        number: 1,
        act: 'rotate',
        venue: 'paradex',
        state: 'failed',
        step: 'revoking',
        startedAt: Date.now(),
        error: {
          code: 'HS_KEY_STILL_VALID',
          message: 'The new key is in use. The old one could not be revoked at Paradex and still works there.',
          remedy: 'Revoke it from the list.',
        },
      },
    }),
  },
  { name: 'trades-filter', app, snapshot, hash: '#/trades', keys: ['/', 'f', 'l', 'a', 't', 'Enter', 'j', 'j', 'k'] },
);

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let broken = 0;
for (const scene of scenes.filter((each) => each.name.includes(wanted))) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  await page.addInitScript(
    `window.halfspread = (${createFakeBridge.toString()})(${JSON.stringify(scene.app)}, ${JSON.stringify(scene.snapshot)}, ${JSON.stringify(scene.alerts ?? sampleAlerts())}, ${JSON.stringify(scene.keyring ?? sampleKeys())}, ${JSON.stringify(scene.prompt)});
     document.addEventListener('securitypolicyviolation', (event) =>
       console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));`,
  );
  await page.goto(`${origin}/${scene.hash}`);
  await page.waitForTimeout(300);
  for (const key of scene.keys ?? []) await page.keyboard.press(key);
  for (const label of scene.click ?? []) {
    await page
      .getByLabel(label)
      .or(page.getByRole('button', { name: label }))
      .first()
      .click();
  }
  await page.waitForTimeout(100);
  await page.screenshot({ path: join(folder, `${scene.name}.png`) });
  const overflow = await page.evaluate(() => ({
    x: document.documentElement.scrollWidth - innerWidth,
    y: document.documentElement.scrollHeight - innerHeight,
  }));
  if (overflow.x > 0 || overflow.y > 0) problems.push(`the page scrolls by ${overflow.x} x ${overflow.y}`);
  console.log(`${scene.name}: ${problems.length === 0 ? 'ok' : problems.join('\n  ')}`);
  broken += problems.length;
  await context.close();
}
await browser.close();
server.close();
process.exitCode = broken === 0 ? 0 : 1;
