/** The steps that bring the program to the server: upload, install, service. */
import { HalfspreadError } from '../../../engine/protocol/errors.ts';
import * as commands from '../commands.ts';
import type { DeployContext } from '../context.ts';
import { stagingOf } from '../layout.ts';
import { markerText } from '../preflight.ts';
import type { Check, DeployStep } from '../step.ts';
import { dropStaging } from './runtime.ts';
import { inEnglish, saying, sayingAsItIs } from '../../text/saying.ts';

const UPLOAD_TRIES = 2;

/** The program's archive in the staging folder, its SHA-256 checked there; not needed where the release is installed already. */
export const uploadStep: DeployStep = {
  id: 'upload',
  kind: 'change',
  async check(context) {
    const { bundle } = context;
    if (!(await missingFiles(context)).includes('release')) {
      return { done: true, detail: [saying('upload.installed', { release: bundle.release })] };
    }
    return (await isStaged(context)) ? { done: true, detail: [saying('upload.staged')] } : { done: false };
  },
  async apply(context, report) {
    const { host, bundle } = context;
    const folder = stagingOf(context.layout, context.known('connection').home);
    const name = commands.archiveName(bundle);
    await host.run(commands.staging(folder));
    report.detail(saying('upload.uploading', { sizeBytes: bundle.bytes }));
    for (let attempt = 1; ; attempt++) {
      await host.upload(bundle.file, bundle.bytes, `${folder}/${name}.part`, ({ bytesDone, bytesTotal, remainingMs }) =>
        report.bytes(bytesDone, bytesTotal, remainingMs),
      );
      try {
        await host.run(commands.acceptUpload(folder, name, bundle.sha256));
        return { changed: true, detail: [saying('upload.done', { sizeBytes: bundle.bytes })] };
      } catch (error) {
        // What an earlier, broken try left there may be wrong; it is gone now, and all of it is sent once more.
        const isDamaged = error instanceof HalfspreadError && error.code === 'HS_DEPLOY_HASH';
        if (!isDamaged || attempt >= UPLOAD_TRIES) throw error;
      }
    }
  },
  async verify(context) {
    if (await isStaged(context)) return;
    throw new HalfspreadError('HS_DEPLOY_HASH', 'The uploaded program is not there as it was sent.', 'Deploy again.');
  },
  undo: dropStaging,
};

async function isStaged(context: DeployContext): Promise<boolean> {
  const { host, layout, bundle } = context;
  const path = `${stagingOf(layout, context.known('connection').home)}/${commands.archiveName(bundle)}`;
  return (await host.run(commands.checkFile('login', path, bundle.sha256))).get('state') === 'good';
}

/** What of the installed release is not as it was sent: "release", "node", "user", ... */
async function missingFiles(context: DeployContext): Promise<string[]> {
  const { host, layout, bundle } = context;
  const output = await host.run(commands.checkRelease(layout, bundle, context.known('runtime'), context.siteId));
  return output.all('missing').map((what) => what.split(' ')[0] ?? what);
}

/** User, folders and files, every file checked there; the agent's user can read them and write none. */
export const installStep: DeployStep = {
  id: 'install',
  kind: 'change',
  check: checkInstalled,
  async apply(context) {
    const { host, layout, bundle, request, siteId } = context;
    const marker = markerText({ siteId, name: request.name, state: 'incomplete', agentPort: request.agentPort });
    const folder = stagingOf(layout, context.known('connection').home);
    await host.run(commands.installRelease(layout, bundle, context.known('runtime'), folder, marker));
    return { changed: true, detail: [sayingAsItIs(`${layout.prefix}/versions/${bundle.release}`)] };
  },
  async verify(context) {
    const { done, detail } = await checkInstalled(context);
    if (!done)
      throw new HalfspreadError(
        'HS_DEPLOY_HASH',
        `The program is not there as it was sent (${inEnglish(detail ?? [])}).`,
        'Deploy again.',
      );
  },
  async undo({ host, layout }) {
    const user = commands.removeUser(layout);
    const left = (await host.run(commands.removeFiles(layout))).all('left');
    if (user) left.push(...(await host.run(user)).all('left'));
    if (left.length === 0)
      return [
        saying('gone.files', { path: layout.prefix }),
        ...(layout.agentUser === undefined ? [] : [saying('gone.user', { user: layout.agentUser })]),
      ];
    throw new HalfspreadError(
      'HS_DEPLOY_LEFT',
      `Could not be removed: ${left.join(', ')}.`,
      'Remove it by hand, then undo again.',
    );
  },
};

async function checkInstalled(context: DeployContext): Promise<Check> {
  const missing = await missingFiles(context);
  return missing.length === 0
    ? { done: true, detail: [saying('upload.installed', { release: context.bundle.release })] }
    : { done: false, detail: [saying('toDo', { what: missing.join(', ') })] };
}

/** The hardened systemd unit, or the supervisor where there is none. */
export const serviceStep: DeployStep = {
  id: 'service',
  kind: 'change',
  check: checkService,
  async apply({ host, layout, bundle }) {
    await host.run(commands.writeService(layout, bundle.release));
    return { changed: true, detail: [sayingAsItIs(layout.unitFile ?? `${layout.prefix}/bin/supervise`)] };
  },
  async verify(context) {
    const { done, detail } = await checkService(context);
    if (!done)
      throw new HalfspreadError(
        'HS_DEPLOY_UNIT',
        `The service is not as it was written (${inEnglish(detail ?? [])}).`,
        'Deploy again.',
      );
  },
  async undo({ host, layout }) {
    const remove = commands.removeService(layout);
    if (!remove) return [];
    const left = (await host.run(remove)).all('left');
    if (left.length === 0) return [saying('gone.unit', { path: layout.unitFile ?? '' })];
    throw new HalfspreadError(
      'HS_DEPLOY_LEFT',
      `Could not be removed: ${left.join(', ')}.`,
      'Remove it by hand, then undo again.',
    );
  },
};

async function checkService({ host, layout }: DeployContext): Promise<Check> {
  const missing = (await host.run(commands.checkService(layout))).all('missing');
  return missing.length === 0
    ? { done: true }
    : { done: false, detail: [saying('toDo', { what: missing.join(', ') })] };
}
