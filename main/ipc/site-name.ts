import { z } from 'zod';

/** Also a file name and a unit of speech: short and plain. */
export const siteNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/);
