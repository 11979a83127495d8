import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './links/listen.ts';
import { startPracticeVenues, type StartPracticeOptions } from './process.ts';
import { writeSmallTape } from './tapes/tape-folders.fixture.ts';

function small(change: Partial<StartPracticeOptions> = {}): StartPracticeOptions {
  return { tape: writeSmallTape().folder, network: 'none', fees: { kind: 'zero' }, ...change };
}

test('the end of a tape that stops is told, and stated beforehand', async () => {
  let ended = (): void => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const venues = await startPracticeVenues(small({ atEnd: 'stop', onEnd: ended }));
  onTestFinished(() => venues.stop());
  const { startsAtWallMs, endsAtWallMs, durationMs } = venues.description.tape;
  expect(endsAtWallMs! - startsAtWallMs).toBeCloseTo(durationMs, 2);
  await end;
});

test('the same seed gives the same accounts, every start its own instance', async () => {
  const descriptions = [];
  for (const seed of [3, 3, 4]) {
    const venues = await startPracticeVenues(small({ seed }));
    await venues.stop();
    descriptions.push(venues.description);
  }
  const [first, second, other] = descriptions;
  expect(second!.paradex.accounts).toEqual(first!.paradex.accounts);
  expect(second!.instance).not.toBe(first!.instance);
  expect(other!.vest.accounts).not.toEqual(first!.vest.accounts);
});

test('a start that fails half-way leaves nothing listening', async () => {
  const busy = createServer();
  await listen(busy, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => void busy.close());
  const { port } = busy.address() as AddressInfo;
  // Vest's port, the one after Paradex's, is taken: Paradex is up by then.
  await expect(startPracticeVenues(small({ listen: `127.0.0.1:${port - 1}` }))).rejects.toMatchObject({
    code: 'HS_LISTEN_BUSY',
    message: expect.stringContaining(`127.0.0.1:${port} `),
  });
  const again = createServer();
  await listen(again, { host: '127.0.0.1', port: port - 1 });
  again.close();
});

test('an unknown network is refused before anything starts', async () => {
  await expect(startPracticeVenues(small({ network: 'dsl' }))).rejects.toMatchObject({ code: 'HS_NETWORK_UNKNOWN' });
});
