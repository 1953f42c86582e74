/** Installs one of the tools that karmada-eks needs, unless it is installed. */

import type { Step } from '../engine/step.js';
import { Problem } from '../errors/problem.js';
import { type InstallableTool, type Platform, releaseOf } from '../tools/install/catalogue.js';
import {
  type InstallPlaces,
  type InstallPorts,
  install,
  isInstalled,
  isTheirs,
  programPath,
} from '../tools/install/install.js';
import { seconds } from './context.js';

/** A tool in a requested version, e.g. `0.230.0`. */
export interface ToolSpec {
  readonly tool: InstallableTool;
  readonly version: string;
}

export function installTool(
  ports: InstallPorts,
  places: InstallPlaces,
  platform: Platform,
  { tool, version }: ToolSpec,
): Step {
  const release = releaseOf(tool, version, platform);
  const path = programPath(places, release);
  return {
    id: `install-tool/${tool}`,
    title: `install ${tool} ${version}`,
    scope: 'fleet',
    expectedMs: seconds(15),
    preview: () => ({ changes: [`${path} from ${places.from ?? release.url}`], commands: [] }),
    check: async () => {
      if (await isInstalled(ports, places, release)) return { state: 'ready', note: `installed in ${places.into}` };
      if (await isTheirs(ports, places, release)) return { state: 'blocked', problem: someoneElses(path) };
      return { state: 'absent' };
    },
    apply: async (call) => install(ports, places, release, call),
  };
}

function someoneElses(path: string): Problem {
  return new Problem('program-in-place', {
    what: `${path} was not installed by karmada-eks and is not replaced`,
    next: ['set another folder: --into', `or remove it first: rm ${path}`],
  });
}
