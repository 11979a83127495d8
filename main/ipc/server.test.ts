import { describe, expect, it } from 'vitest';
import { createFakeHandlers } from './fake-handlers.test-helper.ts';
import { createIpcServer } from './server.ts';

describe('ipc server', () => {
  it('hands checked input to the handler and its output back', async () => {
    const handlers = createFakeHandlers();
    const answer = await createIpcServer(handlers).answer('engine.command', { name: 'trades.list', limit: 5 });
    expect(answer).toEqual({ ok: true, output: { done: 'trades.list' } });
    expect(handlers.commands).toEqual([{ name: 'trades.list', limit: 5 }]);
  });

  it.each([
    ['an unknown call', 'engine.destroy', {}],
    ['a name every object has', 'constructor', {}],
    ['a name that is no string', { toString: 1 }, {}],
    ['an input of the wrong type', 'engine.command', { name: 'trades.list', limit: '5' }],
    ['an unknown key', 'engine.command', { name: 'start', force: true }],
    ['no input', 'settings.set', undefined],
  ])('refuses %s before a handler sees it', async (_what, name, input) => {
    const handlers = createFakeHandlers();
    const answer = await createIpcServer(handlers).answer(name, input);
    expect(answer).toMatchObject({ ok: false, error: { code: 'HS_IPC_INVALID' } });
    expect([...handlers.commands, ...handlers.settings]).toEqual([]);
  });

  it('answers a thrown error with its code, message and remedy', async () => {
    const answer = await createIpcServer(createFakeHandlers()).answer('practice.choose', {
      tape: 'x',
      network: 'none',
      fees: 'zero',
    });
    expect(answer).toEqual({
      ok: false,
      error: { code: 'HS_PRACTICE_CHOICE', message: 'There is no such tape.', remedy: 'Choose another.' },
    });
  });

  it('does not let an output through that the window could not read', async () => {
    const handlers = { ...createFakeHandlers(), 'app.open': () => ({ app: { version: 1 } }) as never };
    const answer = await createIpcServer(handlers).answer('app.open', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'HS_IPC_INVALID' } });
  });
});
