/** The pipeline that installs the tools that karmada-eks needs, in parallel. */

import { independent, type PipelineStep } from '../engine/pipeline.js';
import { installTool, type ToolSpec } from '../steps/install-tool.js';
import type { Platform } from '../tools/install/catalogue.js';
import type { InstallPlaces, InstallPorts } from '../tools/install/install.js';

export function installTools(
  ports: InstallPorts,
  places: InstallPlaces,
  platform: Platform,
  tools: readonly ToolSpec[],
): readonly PipelineStep[] {
  return independent(tools.map((tool) => installTool(ports, places, platform, tool)));
}
