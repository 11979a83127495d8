/** Plays a broken accounts program for tests of main, as told by the host in the request's address. */
import { readFileSync } from 'node:fs';
import { accountsRequestSchema } from '../../engine/protocol/accounts.ts';

const HANDOVER_DESCRIPTOR = 3;

process.stdin.resume().on('end', () => process.exit(0));
const request = accountsRequestSchema.parse(JSON.parse(readFileSync(HANDOVER_DESCRIPTOR, 'utf8')));
const address = request.task === 'probe' ? request.endpoints.paradex.restUrl : request.endpoint.restUrl;

switch (new URL(address).hostname) {
  case 'garbage':
    process.stdout.write('not JSON, with 0xsecret\n', () => process.exit(0));
    break;
  case 'misfit':
    process.stdout.write('{"ok":true,"result":{"key":"0xsecret"}}\n', () => process.exit(0));
    break;
  case 'silent':
    process.exit(0);
    break;
  case 'crash':
    throw new Error('as planned');
  default:
    // Hangs, deaf to being asked to end.
    process.on('SIGTERM', () => undefined);
    process.stderr.write(`pid ${process.pid}\n`);
}
