/** `tools install`: installs eksctl, kubectl and kubectl-karmada into the user's own folder, verified. */
import { resolve } from 'node:path';
import semver from 'semver';
import { Problem } from '../../errors/problem.js';
import type { OptionsOf } from '../../options/table.js';
import { awsCliHint } from '../../preflight/tool-versions.js';
import type { ToolSpec } from '../../steps/install-tool.js';
import { defaultToolVersions, type InstallableTool, installableTools } from '../../tools/install/catalogue.js';
import { programFolder } from '../../world/environment.js';
import { exitCodeOf } from '../shared/execute.js';
import { callOf, type Session } from '../shared/session.js';
import { executeInstall } from './install-tools.js';

type InstallOptions = OptionsOf<
  'into' | 'from' | 'only' | 'eksctlVersion' | 'kubectlVersion' | 'kubectlKarmadaVersion'
>;

/** The option with the version of each tool, as commander names its value. */
const versionKeys = {
  eksctl: 'eksctlVersion',
  kubectl: 'kubectlVersion',
  'kubectl-karmada': 'kubectlKarmadaVersion',
} as const satisfies Record<InstallableTool, string>;

/** Answers like `up`: what failed may be run again. */
export async function toolsInstall(session: Session, options: InstallOptions): Promise<number> {
  const { clients, ui } = session;
  const { environment } = clients.world;
  const said = givenFolder(environment.workingDir, options.into);
  const from = givenFolder(environment.workingDir, options.from);
  const tools = wantedTools(options);
  const own = programFolder(environment);
  const into = said ?? own;
  const report = await executeInstall(session, { tools, into, ...(from === undefined ? {} : { from }) });
  ui.data('tools', {
    ok: report.ok,
    tools: tools.map(({ tool, version }) => ({ tool, version, path: `${into}/${tool}` })),
  });
  if (!report.ok) return exitCodeOf(report);
  ui.print(ending(into, own));
  const hint = await awsCliHint(clients, callOf(session));
  if (hint !== undefined) ui.note(hint);
  return exitCodeOf(report);
}

function ending(into: string, own: string): string {
  const finds = into === own ? 'karmada-eks will find them' : 'karmada-eks will find them once the folder is on PATH';
  return `\nthe tools are in ${into}\n${finds}; to use them yourself: export PATH="$PATH:${into}"`;
}

function givenFolder(workingDir: string, said: string | undefined): string | undefined {
  return said === undefined ? undefined : resolve(workingDir, said);
}

/** @throws Problem `invalid-value` */
function wantedTools(options: InstallOptions): readonly ToolSpec[] {
  const only = options.only;
  const names = only?.split(',').map((name) => name.trim()) ?? [...installableTools];
  const pointless = installableTools.find((tool) => options[versionKeys[tool]] !== undefined && !names.includes(tool));
  if (pointless !== undefined)
    throw new Problem('invalid-value', {
      what: `--${pointless}-version: expected ${pointless} to be installed, got --only ${only}`,
      next: [`add ${pointless} to --only, or omit --${pointless}-version`],
    });
  return [...new Set(names)].map((name) => {
    const tool = installableTools.find((each) => each === name);
    if (tool !== undefined) return { tool, version: wantedVersion(options, tool) };
    throw new Problem('invalid-value', {
      what: `--only: ${name || 'an empty name'} cannot be installed`,
      next: [`use some of ${installableTools.join(', ')}`],
    });
  });
}

function wantedVersion(options: InstallOptions, tool: InstallableTool): string {
  const said = options[versionKeys[tool]];
  if (said === undefined) return defaultToolVersions[tool];
  const version = semver.valid(said);
  if (version !== null) return version;
  throw new Problem('invalid-value', {
    what: `--${tool}-version: expected a version, got ${said}`,
    next: [`use a version such as ${defaultToolVersions[tool]}`],
  });
}
