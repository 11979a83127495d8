import { parseFees } from '../practice/options.ts';
import { linkPresets } from '../practice/links/presets.ts';
import { startPracticeVenues } from '../practice/process.ts';
import { listTapes } from '../practice/tapes/catalogue.ts';
import type { ServeCommandOptions } from '../cli.ts';
import { EXIT, printJson, reportError, say } from './output.ts';

/** `halfspread practice serve`: both venues until SIGINT/SIGTERM (or the parent's end). Resolves with the exit code. */
export async function serveCommand(options: ServeCommandOptions): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const venues = await startPracticeVenues({
    tape: options.tape,
    network: options.network,
    otherNetworks: options.line,
    fees: parseFees(options.fees),
    listen: options.listen,
    seed: options.seed,
    onFailure: (error) => ended.resolve(reportError(error, options.json)),
  });
  const stop = (): void => ended.resolve(EXIT.ok);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (options.exitWithParent) process.stdin.resume().on('end', stop).on('error', stop);
  const { description } = venues;
  if (options.json) {
    printJson(description);
  } else {
    console.log(`Paradex  ${description.paradex.restUrl}  ${description.paradex.wsUrl}`);
    console.log(`Vest     ${description.vest.restUrl}  ${description.vest.wsUrl}`);
    console.log(
      `Tape ${description.tape.id}, network ${description.network}, fees ${description.fees.kind} (${description.fees.roundTripBps} bps a round trip)`,
    );
    for (const line of description.otherLines)
      console.log(`Over ${line.network}: ${line.paradex.restUrl}  ${line.vest.restUrl}`);
    say('Ctrl-C stops them. Keys of the throw-away accounts: --json.');
  }
  const code = await ended.promise;
  const lateness = venues.lateness();
  if (lateness.exceedsBar) say(`The venues delivered late in this run (p99 above 5 ms): ${JSON.stringify(lateness)}`);
  await venues.stop();
  // An open standard input would keep the process alive.
  process.stdin.destroy();
  return code;
}

/** `halfspread practice list`. */
export async function listCommand(json: boolean): Promise<void> {
  const tapes = listTapes().map(({ id, title, description, usableWindow }) => ({
    id,
    title,
    description,
    durationMs: usableWindow.durationMs,
  }));
  const networks = linkPresets.map(({ id, description, orderToAckMs }) => ({ id, description, orderToAckMs }));
  if (json) {
    printJson({ tapes, networks });
    return;
  }
  console.log('Tapes:');
  for (const tape of tapes)
    console.log(`  ${tape.id.padEnd(18)} ${(tape.durationMs / 1000).toFixed(0)} s  ${tape.title}`);
  console.log('Networks (order to acknowledgement on each leg):');
  for (const network of networks)
    console.log(`  ${network.id.padEnd(18)} ${network.orderToAckMs} ms  ${network.description}`);
}
