/**
 * Pictures of the built renderer on sample data, every page in both themes and languages, without engine or shell:
 * `node build/screenshots-sample.mjs FOLDER [NAME-PART]`. Fails when the page breaks its content policy or throws.
 */
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { sampleAlerts } from '../renderer/sample/alerts.ts';
import { sampleAnswers, sampleDesktop } from '../renderer/sample/desktop.ts';
import { createFakeBridge } from '../renderer/sample/fake-bridge.ts';
import { asLive, modeAnswers, sampleArmingReport, sampleModes } from '../renderer/sample/modes.ts';
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
    for (const page of [
      'overview',
      'latency',
      'trades',
      'trade/7',
      'slippage',
      'alerts',
      'risk',
      'settings',
      'diagnostics',
    ]) {
      scenes.push({ name: `${page.replace('/7', '')}-${theme}-${language}`, app, snapshot, hash: `#/${page}` });
    }
  }
}
const failed = sampleArmingReport({ at: Date.now() - 4000 });
failed.ok = false;
failed.checks[2] = { ...failed.checks[2], ok: false, detail: 'The venue answers v1; this order path is for v2.' };
failed.checks[12] = { ...failed.checks[12], ok: false, detail: 'vest holds 0.1, the journal explains 0.' };
const needing = {
  probe: { runningSince: Date.now() - 3000, error: undefined },
  config: {
    ...sampleModes().config,
    problems: [{ line: 14, column: 16, field: 'bots[0].leverage', message: 'must be 1 to 100' }],
  },
  keys: { paradex: { mayWithdraw: 'no' } },
  obstacles: {
    practice: [{ code: 'notFlat' }],
    paper: [{ code: 'probeMissing', venue: 'vest' }, { code: 'notFlat' }],
    live: [{ code: 'probeMissing', venue: 'vest' }, { code: 'keyMissing', venue: 'vest' }, { code: 'notFlat' }],
  },
};
const pendingCode = {
  id: '018f3a52-7c1e-7000-8000-000000000000',
  title: 'Arm live trading of btc-vest-paradex on production?',
  triesLeft: 3,
  expiresAt: Date.now() + 58_000,
};
for (const language of ['en', 'fr']) {
  for (const theme of ['dark', 'light']) {
    const app = sampleApp({ language, theme, venues: { state: 'stopped', restarts: 0 } });
    const name = `${theme}-${language}`;
    const live = sampleModes({ mode: 'live', running: sampleModes().places });
    const disarmed = asLive(snapshot, 'disarmed');
    const report = sampleArmingReport({ at: Date.now() - 4000 });
    const typed = language === 'fr' ? '25 000' : '25,000';
    scenes.push(
      { name: `modes-${name}`, app, snapshot, hash: '#/overview', keys: ['M'], modes: { state: sampleModes() } },
      {
        name: `modes-live-${name}`,
        app,
        snapshot,
        hash: '#/overview',
        keys: ['M', 'ArrowDown', 'ArrowDown'],
        modes: { state: sampleModes(needing) },
      },
      {
        name: `arm-${name}`,
        app,
        snapshot: disarmed,
        hash: '#/overview',
        keys: ['A', ...typed],
        hold: true,
        modes: { state: live, report },
      },
      {
        name: `arm-refused-${name}`,
        app,
        snapshot: disarmed,
        hash: '#/overview',
        keys: ['A'],
        modes: { state: live, report: failed },
      },
      {
        name: `arm-code-${name}`,
        app,
        snapshot: disarmed,
        hash: '#/overview',
        modes: {
          state: { ...live, attempt: { phase: 'confirming', sinceAt: snapshot.at } },
          report,
          pending: pendingCode,
        },
      },
      {
        name: `live-armed-${name}`,
        app,
        snapshot: asLive(snapshot, 'armed'),
        hash: '#/overview',
        modes: { state: live },
      },
      {
        name: `live-unknown-${name}`,
        app: { ...app, ...offline },
        snapshot: asLive(snapshot, 'armed'),
        hash: '#/overview',
        modes: { state: { ...live, exposureUnknownSince: snapshot.at } },
      },
      {
        name: `paper-${name}`,
        app,
        snapshot: { ...snapshot, desk: { ...snapshot.desk, mode: 'paper', network: 'production', tape: 'none' } },
        hash: '#/overview',
        modes: { state: sampleModes({ mode: 'paper', running: sampleModes().places }) },
      },
    );
  }
}
const app = sampleApp();
const light = sampleApp({ theme: 'light', language: 'fr' });
const empty = sampleSnapshot({ fill: 'empty' });
const retail = sampleSnapshot({ orderClass: 'retail', network: 'vps-near' });
const troubled = sampleDesktop({
  startAtLogin: {
    state: 'changed',
    reason: {
      code: 'HS_LOGIN_ITEM_DISABLED',
      message: 'The desktop’s own settings have switched it off (/home/renee/.config/autostart/halfspread.desktop).',
      remedy: 'Switch it on here, or leave it to those settings.',
    },
  },
  sleep: {
    state: 'unavailable',
    reason: {
      code: 'HS_POWER_NO_LOGIND',
      message: 'Sleep of this machine is not heard of: there is no D-Bus system bus.',
      remedy: 'Pause entries yourself before it sleeps.',
    },
  },
  settingsSetAside: {
    code: 'HS_SETTINGS_SET_ASIDE',
    message:
      'The settings could not be used (Unexpected end of JSON input); Halfspread starts with its own. The file is kept as /home/renee/.config/halfspread/settings.json.unreadable-2026-01-02T03-04-05.000Z.',
    remedy: 'Correct the kept file and rename it to /home/renee/.config/halfspread/settings.json, or go on without it.',
  },
  crashed: {
    at: snapshot.at,
    error: {
      code: 'HS_MAIN_CRASHED',
      message: 'Halfspread ended by itself: an exception nobody caught (boom).',
      remedy: 'Start it again.',
    },
  },
});
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
  { name: 'first-run-dark-en', app, snapshot, hash: '#/overview', desktop: sampleDesktop({ firstRun: 'show' }) },
  {
    name: 'first-run-light-fr',
    app: light,
    snapshot,
    hash: '#/overview',
    desktop: sampleDesktop({ firstRun: 'show' }),
  },
  { name: 'quit-dark-en', app, snapshot, hash: '#/overview', dialog: 'quit' },
  { name: 'quit-light-fr', app: light, snapshot, hash: '#/overview', dialog: 'quit' },
  { name: 'settings-problems-light-fr', app: light, snapshot, hash: '#/settings', desktop: troubled },
  { name: 'diagnostics-crashed', app: light, snapshot, hash: '#/diagnostics', desktop: troubled },
  { name: 'bundle-dark-en', app, snapshot, hash: '#/diagnostics', click: ['Support bundle…'] },
  { name: 'bundle-light-fr', app: light, snapshot, hash: '#/diagnostics', click: ['Dossier d’assistance…'] },
  {
    name: 'silent-engine',
    app,
    snapshot,
    hash: '#/overview',
    desktop: sampleDesktop({ engineSilentSinceAt: snapshot.at }),
  },
  {
    name: 'blocked-engine-fr',
    app: sampleApp({ ...blocked, theme: 'light', language: 'fr' }),
    snapshot,
    hash: '#/overview',
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
    `window.halfspread = (${createFakeBridge.toString()})(${JSON.stringify(scene.app)}, ${JSON.stringify(scene.snapshot)}, ${JSON.stringify(scene.alerts ?? sampleAlerts())}, ${JSON.stringify({ ...sampleAnswers, 'keys.open': { keys: scene.keyring ?? sampleKeys(), prompt: scene.prompt }, ...modeAnswers(scene.modes ?? { state: sampleModes() }), ...scene.answers })}, ${JSON.stringify(scene.desktop ?? sampleDesktop())}, ${JSON.stringify(scene.sites)});
     ${scene.dialog ? `setTimeout(() => window.halfspread.emit('app.dialog', '${scene.dialog}'), 150);` : ''}
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
  if (scene.hold) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(1100);
  }
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
