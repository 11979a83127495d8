/** Entry of `halfspread deploy` and `halfspread site` (dist/main/deploy-cli.mjs): the part of the command line that is of main. */
import { Command, InvalidArgumentError } from 'commander';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { userFolders } from '../../engine/protocol/folders.ts';
import { HalfspreadError } from '../../engine/protocol/errors.ts';
import { EXIT, reportError } from './cli/exit.ts';
import { say } from './cli/terminal.ts';
import { cloudDeployCommand, deleteServerCommand } from './cli/cloud-commands.ts';
import type { CloudDeployOptions, DeleteServerOptions } from './cli/cloud-commands.ts';
import { deployCommand, type DeployCommandOptions } from './cli/deploy-command.ts';
import * as site from './cli/site-commands.ts';

const program = new Command('halfspread')
  .description('Engines on servers: deploy to one, look after it.')
  .showHelpAfterError('(add --help to see what this command takes)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.badInput));

const exitCodes = `
Exit codes: 0 done (also when nothing had to change), 1 failed, 2 bad input and nobody was contacted, 3 the agent does not run,
5 a person must decide first (host key, password, open positions), 6 the new version was taken back, 130 stopped.`;

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError(`"${text}" is not a port.`);
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2_000)
    throw new InvalidArgumentError(`"${text}" is not a number from 1 to 2000.`);
  return value;
}

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}

/** Options every command that logs in has. */
function withLogin(command: Command): Command {
  return command
    .option('--ask-password', 'ask for the login password (or read it as a line of standard input)', false)
    .option('--ask-sudo-password', 'the same for sudo', false)
    .option('--ask-passphrase', 'the same for the key file', false)
    .option('--remember', 'keep what was asked in the keychain', false)
    .option('--secrets-file <file>', 'keep this machine’s key in a file only you can read, where there is no keychain')
    .option('--json', 'one JSON object as the last line of standard output', false);
}

withLogin(
  program
    .command('deploy')
    .description('put the engine on a server and start it; again on the same server, it changes nothing and says so')
    .argument('[host]', 'name or address of the server; none with --cloud')
    .option('--user <name>', 'who to log in as', 'root')
    .option('--port <number>', 'port of its SSH server', port, 22)
    .option('--identity <file>', 'private key (default: the keys of your SSH agent)')
    .option('--jump <hosts>', 'over these machines: [user@]host[:port],...')
    .option('--prefix <folder>', 'everything below this folder as the login user, without root and without systemd')
    .option(
      '--fingerprint <sha256>',
      'of the host key, read where you trust it: SHA256:... (again for more)',
      collect,
      [],
    )
    .option('--name <name>', 'name of the site (default: made of the host)')
    .option('--agent-port <number>', 'where the agent listens for this machine', port, 7411)
    .option('--adopt', 'take over what an unknown or lost deploy left there', false)
    .option('--override', 'go on although the agent there is not flat', false)
    .option('--dry-run', 'print every command and contact nobody', false)
    .option('--resume', 'go on where an unfinished deploy of this site stopped', false)
    .option('--cancel', 'take an unfinished deploy back and prove what is gone', false)
    .option('--mirror <url>', 'where the server downloads Node from')
    .option('--samples <number>', 'probes per venue', count)
    .option('--cloud <provider>', 'make the server first: lightsail or hetzner')
    .option('--region <id>', 'with --cloud: where; without it the regions are listed')
    .option('--plan <id>', 'with --cloud: which size; without it the plans are listed with their prices')
    .option('--accept-price <amount:cur>', 'with --cloud: the most it may cost a month, as listed: 7.00:USD')
    .option(
      '--source <cidr>',
      'with --cloud: from where it may be reached (again for more; default anywhere)',
      collect,
      [],
    )
    .option('--ask-token', 'with --cloud: ask for access to it, also where some is kept', false)
    .addHelpText('after', exitCodes),
).action(async (host: string | undefined, options: DeployCommandOptions & Partial<CloudDeployOptions>) => {
  const { cloud, source = [], askToken = false } = options;
  if (host !== undefined && cloud === undefined) process.exitCode = await deployCommand(host, options);
  else if (host === undefined && cloud !== undefined) {
    if (options.dryRun || options.cancel) {
      throw new HalfspreadError(
        'HS_DEPLOY_REQUEST',
        '--dry-run and --cancel do not go with --cloud; nobody was contacted.',
        'Leave --plan away to see what there is and what it costs; halfspread site delete-server NAME takes a server back.',
      );
    }
    process.exitCode = await cloudDeployCommand({ ...options, cloud, source, askToken });
  } else {
    throw new HalfspreadError(
      'HS_DEPLOY_REQUEST',
      'Either a host that is there or --cloud is needed, and not both; nobody was contacted.',
      'halfspread deploy HOST, or halfspread deploy --cloud lightsail.',
    );
  }
});

const sites = program
  .command('site')
  .description('look after the servers you deployed to')
  .addHelpText('after', exitCodes);
sites
  .command('list')
  .description('all sites, and deploys that are unfinished')
  .option('--json', 'print JSON', false)
  .action(async (options: { json: boolean }) => {
    process.exitCode = await site.listCommand(options);
  });

for (const [name, description] of [
  ['status', 'service, versions, and what the agent says'],
  ['doctor', 'every check again, each finding with its remedy'],
  ['start', 'start the agent'],
  ['stop', 'stop it, when it is flat'],
  ['restart', 'restart it, when it is flat; it is locked afterwards'],
  ['upgrade', 'bring it to this version, when it is flat; one that does not answer is taken back'],
  ['rollback', 'back to the version before'],
  ['uninstall', 'remove everything and prove it'],
] as const) {
  withLogin(sites.command(name).description(description).argument('<name>', 'name of the site'))
    .option('--override', 'go on although the agent is not flat or does not answer', false)
    .action(async (siteName: string, options: site.SiteCommandOptions) => {
      process.exitCode = await site.siteCommand(name, siteName, options);
    });
}
sites
  .command('delete-server')
  .description('delete the server Halfspread made for a site, with everything made for it, and prove it')
  .argument('<name>', 'name of the site')
  .option('--override', 'delete it although its agent is not flat or cannot be asked', false)
  .option('--ask-token', 'ask for access to the cloud, also where some is kept', false)
  .option('--remember', 'keep what was asked in the keychain', false)
  .option('--secrets-file <file>', 'secrets are in this file, where there is no keychain')
  .option('--json', 'one JSON object as the last line of standard output', false)
  .action(async (siteName: string, options: DeleteServerOptions) => {
    process.exitCode = await deleteServerCommand(siteName, options);
  });
withLogin(sites.command('logs').description('the agent’s log, redacted').argument('<name>', 'name of the site'))
  .option('--lines <number>', 'how many of the last lines', count, 100)
  .option('--follow', 'go on until Ctrl-C', false)
  .action(async (siteName: string, options: site.LogsCommandOptions) => {
    process.exitCode = await site.logsCommand(siteName, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, process.argv.includes('--json'));
  say(
    `(Journals and known hosts are in ${join(userFolders(process.platform, process.env, homedir()).data, 'deploy')}.)`,
  );
}
// A secret read from a pipe leaves standard input open; nothing else is left to do.
process.stdin.unref?.();
