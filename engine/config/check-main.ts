/** The config check's program: one request from its parent, one answer line, then its end. */
import { onParentGone, readHandover } from '../agent/parent.ts';
import { configCheckRequestSchema } from '../protocol/config-check.ts';
import { checkConfig } from './check.ts';

const EXIT_PARENT_GONE = 1;

onParentGone(() => process.exit(EXIT_PARENT_GONE));
const { text, path } = configCheckRequestSchema.parse(await readHandover());
process.stdout.write(`${JSON.stringify(checkConfig(text, path))}\n`, () => process.exit(0));
