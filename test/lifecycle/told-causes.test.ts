/** What did not happen in time is told with the reason that the cluster or EKS itself has. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;

it.runIf(triesMore)('a wait for nodes that ends tells what EKS says of the node group', async () => {
  const account = newMachine();
  await succeed(account, up);
  const group = account.region(region).clusters['one']?.nodeGroups['nodes'] ?? expect.unreachable('no nodes');
  const message = 'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity';
  Object.assign(group, { status: 'UPDATING', settlesAt: Number.MAX_SAFE_INTEGER });
  group.issues.push({ code: 'AsgInstanceLaunchFailures', message });
  const ended = await cli(account, `${up} --nodes 4 --reconcile`);
  expect(said(ended)).toContain(
    `✖ EKS cluster one in ${region}: its node group did not settle within 20 minutes\n  why:  node group nodes (UPDATING: ${message})`,
  );
});
