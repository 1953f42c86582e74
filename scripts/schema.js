/** Writes docs/karmada-eks.schema.json, the JSON schema of the configuration file. Build first: it is read from dist. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from './run.js';

/** Where editors find it: a mirror of npm serves the newest package's files by this address. */
const id = 'https://cdn.jsdelivr.net/npm/karmada-eks/docs/karmada-eks.schema.json';

/**
 * The schema as JSON, as editors read it.
 * @param {import('zod').ZodType} schema what the program itself checks by
 * @returns {string}
 */
export function schemaText(schema) {
  const json = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $id: id, title: 'A Karmada fleet on Amazon EKS', ...json }, undefined, 2)}\n`;
}

async function write() {
  const { requestSchema } = await import('../dist/fleet/schema.js');
  writeFileSync(join(root, 'docs/karmada-eks.schema.json'), schemaText(requestSchema));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await write();
