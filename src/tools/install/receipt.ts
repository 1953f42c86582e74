/** The receipt of an installation: version and SHA-256 of the installed program. */
import { z } from 'zod';
import type { Files } from '../../world/files.js';
import type { InstallableTool } from './catalogue.js';

export interface Receipt {
  readonly tool: InstallableTool;
  readonly version: string;
  /** Absolute path of the program. */
  readonly path: string;
  readonly sha256: string;
}

const schema = z.object({ version: z.string(), path: z.string(), sha256: z.string() });

const pathOf = (cache: string, tool: InstallableTool): string => `${cache}/${tool}.json`;

/** Undefined if there is none or it cannot be read; the tool is then installed again. */
export async function readReceipt(files: Files, cache: string, tool: InstallableTool): Promise<Receipt | undefined> {
  const text = await files.read(pathOf(cache, tool));
  if (text === undefined) return undefined;
  try {
    return { tool, ...schema.parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}

export async function writeReceipt(files: Files, cache: string, { tool, ...rest }: Receipt): Promise<void> {
  await files.write(pathOf(cache, tool), `${JSON.stringify(rest, undefined, 2)}\n`);
}
