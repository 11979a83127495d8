/** `npm run bench`: the bars of docs/performance.md against their peers, in one run. See `--help`. */
import { runEntry } from '../toolchain.mjs';
import { runBench } from './run-bench.ts';

await runEntry(() => runBench(process.argv.slice(2)));
