/** Text that is to be JSON of some form, from where somebody else may have changed it. */
import type { z } from 'zod';

/** Undefined where there is no text, it is not JSON, or it has another form. */
export function jsonAs<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
