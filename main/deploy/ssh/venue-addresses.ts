/**
 * The practice venues' description of themselves (`practice serve --json`) is handed from them to an engine; main reads of it
 * only the addresses, because an engine on a server reaches them through a tunnel, and over a line of its own.
 */
import { z } from 'zod';
import { HalfspreadError } from '../../../engine/protocol/errors.ts';

const addressesSchema = z.looseObject({ restUrl: z.url(), wsUrl: z.url() });
const lineSchema = z.looseObject({
  network: z.string(),
  orderToAckMs: z.number(),
  paradex: addressesSchema,
  vest: addressesSchema,
});
const descriptionSchema = z.looseObject({
  network: z.string(),
  paradex: addressesSchema,
  vest: addressesSchema,
  otherLines: z.array(lineSchema).default([]),
});
type Description = z.infer<typeof descriptionSchema>;
type Addresses = z.infer<typeof addressesSchema>;

/**
 * Every port of this machine an engine that is handed this description connects to, each once.
 * @throws HalfspreadError HS_PRACTICE_DESCRIPTION
 */
export function venuePorts(description: unknown): number[] {
  const venues = readDescription(description);
  const lines = [venues, ...venues.otherLines];
  const urls = lines.flatMap(({ paradex, vest }) => [paradex, vest].flatMap(({ restUrl, wsUrl }) => [restUrl, wsUrl]));
  return [...new Set(urls.map(portOf))];
}

/**
 * The description for an engine at the other end of a tunnel: all addresses with the ports they have there. The venues' own
 * status page is left out: it is not in the tunnel, and no engine needs it.
 * @throws HalfspreadError HS_PRACTICE_DESCRIPTION, and what `portThere` throws
 */
export function throughTunnel(description: unknown, portThere: (here: number) => number): unknown {
  const venues = readDescription(description);
  delete venues['statusUrl'];
  const moved = ({ paradex, vest }: { paradex: Addresses; vest: Addresses }) => ({
    paradex: moveAddresses(paradex, portThere),
    vest: moveAddresses(vest, portThere),
  });
  return {
    ...venues,
    ...moved(venues),
    otherLines: venues.otherLines.map((line) => ({ ...line, ...moved(line) })),
  };
}

/**
 * The description for an engine that reaches the venues over this line: its addresses and its name, and no other line.
 * @throws HalfspreadError HS_PRACTICE_LINE when the venues do not offer it, HS_PRACTICE_DESCRIPTION
 */
export function lineOf(description: unknown, line: string): unknown {
  const venues = readDescription(description);
  if (venues.network === line) return { ...venues, otherLines: [] };
  const found = venues.otherLines.find(({ network }) => network === line);
  if (!found) {
    const offered = [venues, ...venues.otherLines].map(({ network }) => network).join(', ');
    throw new HalfspreadError(
      'HS_PRACTICE_LINE',
      `The practice venues have no line "${line}"; they have ${offered}.`,
      `Start them with --line ${line}.`,
    );
  }
  return {
    ...venues,
    network: line,
    // Only the time is known of another line.
    link: { orderToAckMs: found.orderToAckMs },
    paradex: { ...venues.paradex, ...found.paradex },
    vest: { ...venues.vest, ...found.vest },
    otherLines: [],
  };
}

function moveAddresses(addresses: Addresses, portThere: (here: number) => number): Addresses {
  const moved = (text: string): string => {
    const port = portThere(portOf(text));
    // Not through URL's href, which would write the rest of it in another way.
    return text.replace(/^([a-z]+:\/\/)[^/?#]*/, (_whole, scheme: string) => `${scheme}127.0.0.1:${port}`);
  };
  return { ...addresses, restUrl: moved(addresses.restUrl), wsUrl: moved(addresses.wsUrl) };
}

function portOf(text: string): number {
  const { port, protocol } = new URL(text);
  if (port !== '') return Number(port);
  return protocol === 'https:' || protocol === 'wss:' ? 443 : 80;
}

function readDescription(description: unknown): Description {
  const parsed = descriptionSchema.safeParse(description);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new HalfspreadError(
    'HS_PRACTICE_DESCRIPTION',
    `The practice venues describe themselves in a way this version does not know: ${issue.path.join('.') || '(whole)'} ${issue.message}.`,
    'Use the practice venues of the same version: install Halfspread again.',
  );
}
