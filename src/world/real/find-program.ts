/** Finds a program the way a careful shell does: nothing from the folder that one happens to work in. */
import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import { type Environment, programFolder } from '../environment.js';

/** The absolute path of a program in the folders that `programFolders` answers; undefined when there is none. */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  const own = programFolder(environment);
  for (const folder of await programFolders(environment)) {
    const path = join(folder, name);
    if (!(await isExecutableFile(path))) continue;
    // What was installed is a file of its own; a link there may lead anywhere.
    if (folder === own ? await isNoLink(path) : !(await isPlanted(path, environment))) return path;
  }
  return undefined;
}

/**
 * The folders in which programs are looked for, by us and by the programs that we run: those of PATH, then the one that
 * programs are installed into. Passed over are relative and empty entries of PATH, whatever lies inside the working
 * directory, and every `node_modules/.bin`: `npx` puts that of the working directory, and of each folder above it, at the
 * front of PATH (`npm help run`), and a checked-out repository could so slip in a kubectl of its own.
 * The home directory, and folders above it, are the user's own: programs below them count. So does the data folder.
 */
async function programFolders(environment: Environment): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const entry of (environment.vars['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(entry) || /\/node_modules\/\.bin\/*$/.test(entry)) continue;
    if (!(await isPlanted(entry, environment))) folders.push(entry);
  }
  return [...folders, programFolder(environment)];
}

/** The same folders as a value of PATH, for what others start: programs that we run, and the SDK's `credential_process`. */
export async function searchPath(environment: Environment): Promise<string> {
  return (await programFolders(environment)).join(delimiter);
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

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
