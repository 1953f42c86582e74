/** What did not happen in time is told with the reason that the cluster or EKS itself has. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;
const image =
  'Back-off pulling image "docker.io/karmada/karmada-controller-manager:v1.18.2": ErrImagePull: 429 Too Many Requests';

describe.runIf(triesMore)('a wait that ends', () => {
  let made = '';
  beforeAll(async () => {
    const account = newMachine();
    await succeed(account, up);
    made = snapshot(account);
  }, 120_000);
  const fleet = (): Account => restore(made);

  it('for nodes, tells what EKS says of the node group', async () => {
    const account = fleet();
    const group = account.region(region).clusters['one']?.nodeGroups['nodes'] ?? expect.unreachable('no nodes');
    const message = 'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity';
    Object.assign(group, { status: 'UPDATING', settlesAt: Number.MAX_SAFE_INTEGER });
    group.issues.push({ code: 'AsgInstanceLaunchFailures', message });
    const ended = await cli(account, `${up} --nodes 4 --reconcile`);
    expect(said(ended)).toContain(
      `✖ EKS cluster one in ${region}: its node group did not settle within 20 minutes\n  why:  node group nodes (UPDATING: ${message})`,
    );
  });

  it('for a component that restarts, tells what holds its pod up', async () => {
    const account = fleet();
    const component = 'karmada-controller-manager';
    account.state.conditions = [{ kind: 'component-unavailable', component, reason: image, times: -1 }];
    const ended = await cli(account, 'members rotate-token one --yes');
    expect(said(ended)).toMatch(
      /did not come up within 10 minutes.*\n {2}why: {2}karmada-controller-manager-.*429 Too Many/,
    );
  });
});
