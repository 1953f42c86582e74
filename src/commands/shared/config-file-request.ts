/** Reads a fleet's configuration file, or what is piped in instead. */
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { Problem } from '../../errors/problem.js';
import { checkRequest } from '../../fleet/request.js';
import type { FleetRequest } from '../../fleet/schema.js';
import type { Files } from '../../world/files.js';
import type { Session } from './session.js';

/** As in kubectl's `-f -`. */
const standardInput = '-';

/** @throws Problem `config-unreadable`, `invalid-value` */
export async function fileRequest(session: Session, file: string): Promise<FleetRequest> {
  const { files, environment, readInput } = session.clients.world;
  const isPiped = file === standardInput;
  const path = isPiped ? configName(file) : resolve(environment.workingDir, file);
  const text = isPiped ? await pipedText(readInput(session.drain)) : await textOf(files, path);
  const request = checkRequest(valueIn(text, path), (place) => [path, place].filter(Boolean).join(': '));
  if (request.publicAccess?.length === 0) throw nobodyNamed(path);
  return request;
}

/** The patch in a file, YAML or JSON; what it may not change is checked with the rest. @throws Problem `config-unreadable` */
export async function filePatch({ clients }: Session, file: string): Promise<unknown> {
  const { files, environment } = clients.world;
  const path = resolve(environment.workingDir, file);
  const value = valueIn(await textOf(files, path, patchFlag), path, patchFlag);
  // Another file than was meant may hold a secret: nothing of it is told.
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  throw new Problem('config-unreadable', {
    what: `${path} is not a cluster config patch: expected fields of a ClusterConfig`,
    next: [`set another file: ${patchFlag}`],
  });
}

const patchFlag = '--cluster-config-patch';

/** What messages call the file. */
export function configName(file: string): string {
  return file === standardInput ? 'standard input' : file;
}

async function pipedText(reading: Promise<string | undefined>): Promise<string> {
  const text = await reading;
  if (text !== undefined) return text;
  throw new Problem('config-unreadable', {
    what: '--config -: expected the description on standard input, got a terminal',
    next: ['cat fleet.yaml | karmada-eks plan --config -', 'set a file: --config FILE'],
  });
}

async function textOf(files: Files, path: string, flag = '--config'): Promise<string> {
  const next = [`set another file: ${flag}`];
  const text = await files.read(path).catch((thrown: unknown) => {
    if (!(thrown instanceof Problem) || thrown.code !== 'file-failed') throw thrown;
    const { why = '' } = thrown;
    throw new Problem('config-unreadable', {
      ...(why.startsWith('EISDIR')
        ? { what: `${path} is a folder, not a file` }
        : { what: `${path} cannot be read`, why }),
      next,
      cause: thrown,
    });
  });
  if (text === undefined) throw new Problem('config-unreadable', { what: `${path} does not exist`, next });
  return text;
}

/** In a record it means everyone; a user who writes it means the opposite. */
function nobodyNamed(path: string): Problem {
  return new Problem('invalid-value', {
    what: `${path}: publicAccess: expected at least one CIDR, got an empty list`,
    next: ['list who may reach the endpoints', "or omit publicAccess, or use ['0.0.0.0/0'] for everyone"],
  });
}

/** Aliases are resolved only when the value is built: dangling or exploding ones surface there. */
function valueIn(text: string, path: string, flag = '--config'): unknown {
  let value: unknown;
  try {
    // The library’s own warnings would go to standard error.
    const document = parseDocument(text, { logLevel: 'error' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    value = document.toJS();
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : { message: String(cause) };
    const why = message.split('\n')[0] ?? message;
    throw new Problem('config-unreadable', { what: `${path} is not YAML`, why, next: ['fix the file'], cause });
  }
  // What a template left empty would else be a fleet of defaults.
  if (value !== null && value !== undefined) return value;
  throw new Problem('config-unreadable', {
    what: `${path} is empty`,
    next: [
      flag === '--config' ? 'describe the fleet in it, or omit --config' : `put the patch into it, or omit ${flag}`,
    ],
  });
}
