import { HalfspreadError, toWireError, type WireError } from '../../engine/protocol/errors.ts';
import { ipcCalls, type IpcCallName, type IpcInput, type IpcOutput } from './schema.ts';

/** One function per call of the schema: leaving one out does not compile. */
export type IpcHandlers = {
  [Name in IpcCallName]: (input: IpcInput<Name>) => IpcOutput<Name> | Promise<IpcOutput<Name>>;
};

/** What a call is answered with, on every shell. Nothing is thrown across the border. */
export type IpcAnswer = { ok: true; output: unknown } | { ok: false; error: WireError };

export interface IpcServer {
  answer(name: unknown, input: unknown): Promise<IpcAnswer>;
}

/** Checks name and input of every call before a handler sees it, and the output before the window sees it. */
export function createIpcServer(handlers: IpcHandlers): IpcServer {
  async function run<Name extends IpcCallName>(name: Name, input: unknown): Promise<unknown> {
    const checked = ipcCalls[name].input.safeParse(input);
    if (!checked.success) throw invalid(`The input of "${name}"`, checked.error.message);
    // The schema of this name made this input: the checker cannot follow that through the union of all names.
    const output = await handlers[name](checked.data as IpcInput<Name>);
    const checkedOutput = ipcCalls[name].output.safeParse(output);
    if (!checkedOutput.success) throw invalid(`The answer to "${name}"`, checkedOutput.error.message);
    return checkedOutput.data;
  }

  return {
    async answer(name, input) {
      try {
        if (!isCallName(name)) throw invalid('A call', `there is no call ${JSON.stringify(name)?.slice(0, 64)}`);
        return { ok: true, output: await run(name, input) };
      } catch (error) {
        return { ok: false, error: toWireError(error) };
      }
    },
  };
}

function isCallName(name: unknown): name is IpcCallName {
  return typeof name === 'string' && Object.hasOwn(ipcCalls, name);
}

function invalid(what: string, detail: string): HalfspreadError {
  return new HalfspreadError(
    'HS_IPC_INVALID',
    `${what} does not fit the schema: ${detail}`,
    'Window and program are probably of different versions: restart Halfspread.',
  );
}
