/** Finds a program as a careful shell does: never in the working directory. */
import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import { type Environment, programFolder } from '../../environment.js';

/** The absolute path of a program in the folders returned by `programFolders`; undefined if there is none. */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  const own = programFolder(environment);
  for (const folder of await programFolders(environment)) {
    const path = join(folder, name);
    if (!(await isExecutableFile(path))) continue;
    // An installed program is a regular file; a link there may lead anywhere.
    if (folder === own ? await isNoLink(path) : !(await isPlanted(path, environment))) return path;
  }
  return undefined;
}

/**
 * The folders searched for programs, by this process and by the programs it runs: those in PATH, then the installation
 * folder. Relative and empty entries of PATH are skipped, as is everything inside the working directory, and every
 * `node_modules/.bin`: `npx` puts that of the working directory, and of each folder above it, at the front of PATH
 * (`npm help run`), so a checked-out repository could inject its own kubectl. If the working directory is the home
 * directory or above it, programs below it count, because they belong to the user. So does the data folder.
 */
async function programFolders(environment: Environment): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const entry of (environment.vars['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(entry) || /\/node_modules\/\.bin\/*$/.test(entry)) continue;
    if (!(await isPlanted(entry, environment))) folders.push(entry);
  }
  return [...folders, programFolder(environment)];
}

/** As a value of PATH, for programs that are started by others, e.g. the SDK's `credential_process`. */
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
