/** The electron module, as far as the packaged entry uses it before it is ready; it never gets ready. */
import { FakeApp } from '../../main/shell/electron/fake-app.test-helper.ts';

class PackagedApp extends FakeApp {
  override isPackaged = true;
  override readonly commandLine = {
    hasSwitch: (name: string) => process.argv.includes(`--${name}`),
    appendSwitch: (name: string, value: string) => void this.asked.push(`${name}=${value}`),
  };
  override whenReady(): Promise<void> {
    void super.whenReady();
    process.stdout.write(`${JSON.stringify(this.asked)}\n`);
    return process.argv.includes('--probe') ? Promise.resolve() : new Promise(() => undefined);
  }
  setAsDefaultProtocolClient(): boolean {
    return true;
  }
  override exit(code: number): void {
    process.exit(code);
  }
}

export const app = new PackagedApp();
export const protocol = app;
export const dialog = {
  showErrorBox: (title: string, text: string) => void process.stdout.write(`box ${title}: ${text.split('\n')[0]}\n`),
};
