/**
 * zod compiles validators with `new Function` unless told not to, which the page's content policy forbids. Imported
 * before any schema.
 */
import { config } from 'zod';

config({ jitless: true });
