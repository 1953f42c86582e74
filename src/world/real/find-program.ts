/** Finds a program the way a careful shell does: nothing from the folder that one happens to work in. */
import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import { type Environment, programFolder } from '../environment.js';

/**
 * The absolute path of a program on PATH, else of one that was installed into the data folder; undefined when there is none.
 * Passed over are relative entries of PATH and whatever lies inside the working directory, since a checked-out
 * repository (or `npx`, which puts its `node_modules/.bin` on PATH) could otherwise slip in a kubectl of its own.
 * The home directory, and folders above it, are the user's own: programs below them count. So is the data folder.
 */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  const entries = (environment.vars['PATH'] ?? '').split(delimiter).filter((entry) => isAbsolute(entry));
  for (const entry of entries) {
    const path = join(entry, name);
    if ((await isExecutableFile(path)) && !(await isPlanted(path, environment))) return path;
  }
  const installed = join(programFolder(environment), name);
  return (await isExecutableFile(installed)) && (await isNoLink(installed)) ? installed : undefined;
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** What was installed is a file of its own; a link there may lead anywhere. */
async function isNoLink(path: string): Promise<boolean> {
  return (await lstat(path)).isFile();
}

async function isPlanted(path: string, environment: Environment): Promise<boolean> {
  const here = await resolved(environment.workingDir);
  if (isInside(await resolved(environment.homeDir), here)) return false;
  return isInside(path, environment.workingDir) || isInside(path, here) || isInside(await resolved(path), here);
}

async function resolved(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split('/')[0] !== '..' && !isAbsolute(way));
}
