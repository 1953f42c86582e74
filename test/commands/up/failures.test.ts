/** What fails half-way: told with its reason, and, which `npm run faults` tries, mended by the next `up`. */
import { expect, it } from 'vitest';
import type { Account } from '../../../src/rehearsal/account.js';
import type { Fault } from '../../../src/rehearsal/faults.js';
import type { Condition } from '../../../src/rehearsal/state.js';
import { said } from '../../cli/output.js';
import { triesMore } from '../../lifecycle/cases.js';
import { cli, type RunOptions } from '../../lifecycle/cli.js';
import { down, expectGone, newMachine, readyStatus, smallUp, succeed } from '../../lifecycle/fleet.js';
import { resourceIds } from '../../rehearsal/resources.js';

/** Lets `up` fail, and answers what it said; `npm run faults` lets the next one succeed, and takes the fleet away without a trace. */
async function failed(
  wrong: readonly (Condition | Fault)[],
  options: RunOptions = {},
  again = smallUp,
): Promise<string> {
  const account = newMachine();
  const before = resourceIds(account);
  account.state.conditions = wrong.filter((each): each is Condition => 'times' in each && !('call' in each));
  const faults = wrong.filter((each): each is Fault => 'call' in each);
  const first = await cli(account, smallUp, { ...options, faults });
  account.state.conditions = [];
  if (triesMore) await mended(account, before, again);
  return said(first);
}

async function mended(account: Account, before: readonly string[], again = smallUp): Promise<void> {
  await succeed(account, again);
  await readyStatus(account);
  await succeed(account, down);
  expectGone(account, before);
}

it('a control plane', async () => {
  const reason = 'Cannot create cluster: the maximum number of clusters (100) is reached';
  expect(await failed([{ kind: 'control-plane-fails', cluster: 'one', reason, times: 1 }])).toMatchInlineSnapshot(`
    "✖ the control plane of EKS cluster one in us-west-2 could not be created
      why:  ControlPlane: Cannot create cluster: the maximum number of clusters (100) is reached
      next: 1. fix the reported cause (a quota, a permission, a subnet)
            2. run the same command again; the failed stack is deleted first
            3. or delete everything: karmada-eks down --fleet karmada --region us-west-2
      code: cluster-create-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('the nodes', async () => {
  const reason = 'You have requested more vCPU capacity than your current vCPU limit of 8 allows';
  expect(
    await failed([{ kind: 'node-group-fails', cluster: 'karmada-parent', reason, times: 1 }]),
  ).toMatchInlineSnapshot(`
    "✖ the nodes of EKS cluster karmada-parent in us-west-2 did not become ready
      why:  ManagedNodeGroup: You have requested more vCPU capacity than your current vCPU limit of 8 allows
      next: 1. fix the reported cause (a quota, a permission, a subnet)
            2. run the same command again; the control plane is kept
            3. or delete everything: karmada-eks down --fleet karmada --region us-west-2
      code: node-group-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('an add-on of the control plane', async () => {
  const reason = 'The add-on service account lacks a permission';
  const addon = 'aws-ebs-csi-driver';
  expect(
    await failed(
      [{ kind: 'addon-fails', cluster: 'karmada-parent', addon, status: 'DEGRADED', reason, times: 1 }],
      {},
      `${smallUp} --replace-addons`,
    ),
  ).toMatchInlineSnapshot(`
    "✖ EKS cluster karmada-parent in us-west-2 has its nodes, but not all add-ons are healthy
      why:  add-on metrics-server (missing); add-on aws-ebs-csi-driver (DEGRADED: The add-on service account lacks a permission)
      next: 1. fix the reported cause
            2. run the same command again; what is missing is created, the rest is kept
            3. add --replace-addons to remove and re-add unhealthy add-ons
      code: addon-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('an add-on that could not be made', async () => {
  const reason = 'ConfigurationConflict: conflicts found when trying to apply';
  const addon = 'vpc-cni';
  expect(
    await failed([{ kind: 'addon-fails', cluster: 'two', addon, status: 'CREATE_FAILED', reason, times: 1 }]),
  ).toMatchInlineSnapshot(`
    "✖ EKS cluster two in us-west-2 has its nodes, but not all add-ons are healthy
      why:  add-on vpc-cni (CREATE_FAILED: ConfigurationConflict: conflicts found when trying to apply)
      next: 1. fix the reported cause
            2. run the same command again; what is missing is created, the rest is kept
            3. add --replace-addons to remove and re-add unhealthy add-ons
      code: addon-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('a component of Karmada, though init exits 0', async () => {
  const reason = 'Back-off pulling image "karmada-scheduler:v1.18.2"';
  expect(
    await failed([{ kind: 'component-unavailable', component: 'karmada-scheduler', reason, times: 1 }]),
  ).toMatchInlineSnapshot(`
    "✖ the Karmada control plane in karmada-parent is not complete, although init reported success
      why:  karmada-scheduler: 0 of 2 ready (ImagePullBackOff: Back-off pulling image "karmada-scheduler:v1.18.2")
      next: 1. find out why: kubectl --kubeconfig /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/kubeconfigs/karmada-parent.json -n karmada-system get pods
            2. fix the cause (an image that cannot be pulled, a missing node), then run the same command again
      code: karmada-unhealthy
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('init itself', async () => {
  const message = 'error: prepare karmada failed.inValid crd tar, err: connection reset by peer';
  expect(await failed([{ call: 'exec kubectl-karmada init*', kind: 'fail', message }])).toMatchInlineSnapshot(`
    "✖ kubectl karmada init failed with exit status 1
      why:  error: prepare karmada failed.inValid crd tar, err: connection reset by peer
      next: 1. run the same command again; a partial installation is removed and installed again
            2. check the log of init and the pods: kubectl -n karmada-system get pods
      code: karmada-init-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('init midway', async () => {
  expect(
    await failed([{ call: 'exec kubectl-karmada init*', kind: 'die-half-way', afterMs: 30_000 }]),
  ).toMatchInlineSnapshot(`
    "✖ kubectl karmada init failed with exit status 137
      why:  Create etcd StatefulSets; Create karmada ApiServer Deployment
      next: 1. run the same command again; a partial installation is removed and installed again
            2. check the log of init and the pods: kubectl -n karmada-system get pods
      code: karmada-init-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('init that does nothing and exits 0', async () => {
  expect(await failed([{ call: 'exec kubectl-karmada init*', kind: 'no-effect' }])).toMatchInlineSnapshot(`
    "✖ the Karmada control plane in karmada-parent is not complete, although init reported success
      why:  components: none installed
      next: 1. find out why: kubectl --kubeconfig /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/kubeconfigs/karmada-parent.json -n karmada-system get pods
            2. fix the cause (an image that cannot be pulled, a missing node), then run the same command again
      code: karmada-unhealthy
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('register that does nothing and exits 0', async () => {
  expect(await failed([{ call: 'exec kubectl-karmada register*', kind: 'no-effect' }])).toMatchInlineSnapshot(`
    "✖ member two did not become Ready within 5 minutes
      why:  not registered in Karmada
      next: 1. check that the member’s nodes can reach the Karmada API (--allow), and check the pods of karmada-agent
            2. run the same command again
      code: member-not-ready
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('join that does nothing and exits 0', async () => {
  expect(await failed([{ call: 'exec kubectl-karmada join*', kind: 'no-effect' }])).toMatchInlineSnapshot(`
    "✖ member one did not become Ready within 5 minutes
      why:  not registered in Karmada
      next: 1. check that the parent’s nodes can reach the API of the member
            2. run the same command again
      code: member-not-ready
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('register that dies midway', async () => {
  expect(await failed([{ call: 'exec kubectl-karmada register*', kind: 'die-half-way' }])).toMatchInlineSnapshot(`
    "✖ member two could not be registered
      why:  [karmada-agent-start] Waiting the necessary secret and RBAC; [karmada-agent-start] Waiting karmada-agent Deployment
      next: run the same command again; a partial registration is removed first
      code: register-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('eksctl that is killed midway', async () => {
  expect(await failed([{ call: 'exec eksctl create cluster one', kind: 'die-half-way' }])).toMatchInlineSnapshot(`
    "✖ eksctl create cluster failed with exit status 137
      why:  building cluster stack "eksctl-one-cluster"; deploying stack "eksctl-one-cluster"; waiting for CloudFormation stack "eksctl-one-cluster"
      next: run the same command again; it continues from where it stopped
      code: tool-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('credentials that expire in the middle', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  const credentialsExpireAt = account.state.now + 15 * 60_000;
  const first = await cli(account, smallUp, { credentialsExpireAt });
  expect(first.stderr).toContain('warning: the AWS credentials expire in 15 minutes');
  expect(said(first)).toMatchInlineSnapshot(`
    "✖ reading EKS cluster karmada-parent in us-west-2 failed
      why:  ExpiredTokenException: The security token included in the request is expired
      next: 1. renew the credentials (aws sso login, or new session keys)
            2. run the same command again to continue
      code: credentials-expired
    ✖ the Kubernetes API of karmada-parent does not respond
      why:  Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255
      next: 1. check that the AWS credentials are valid and that this machine can reach the API
            2. run the same command again
      code: cluster-unreachable
    ✖ reading EKS cluster karmada-parent in us-west-2 failed
      why:  ExpiredTokenException: The security token included in the request is expired
      next: 1. renew the credentials (aws sso login, or new session keys)
            2. run the same command again to continue
      code: credentials-expired
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    warning: Lease kube-system/karmada-eks could not be released (reading EKS cluster karmada-parent in us-west-2 failed); other machines can take it over in 3 minutes
    exit 4"
  `);
  await mended(account, before);
});

it('throttling that does not end', async () => {
  expect(await failed([{ call: 'aws cloudformation:*', kind: 'throttle', skip: 4, times: -1 }])).toMatchInlineSnapshot(`
    "✖ reading stack eksctl-karmada-parent-cluster in us-west-2 failed
      why:  Throttling: Rate exceeded
      next: 1. wait a minute and run the same command again
            2. use --concurrency 3 to process fewer members in parallel
      code: throttled
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('garbage instead of JSON', async () => {
  expect(await failed([{ call: 'exec kubectl get services *', kind: 'garbage' }])).toMatchInlineSnapshot(`
    "✖ kubectl printed something that is not JSON for karmada-parent
      why:  <html>502 Bad Gateway</html>
      next: run the same command again
      code: tool-output
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it('a disk that is full', async () => {
  expect(await failed([{ call: 'file write */kubeconfigs/one.json', kind: 'fail' }])).toMatchInlineSnapshot(`
    "✖ could not write /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/kubeconfigs/one.json
      why:  ENOSPC: no space left on device
      next: 1. the disk is full; free some space
            2. run the same command again; it continues from where it stopped
      code: file-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
});

it.runIf(triesMore)('a journal that cannot be written, which is only warned of', async () => {
  const account = newMachine();
  const faults = [{ call: 'file append */journal.jsonl', kind: 'fail', skip: 30, times: -1 }] as const;
  const { stderr } = await succeed(account, smallUp, { faults });
  expect(stderr).toContain(
    'warning: could not append /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/journal.jsonl; the run continued',
  );
  await readyStatus(account);
});

it.runIf(triesMore)('a stack that cannot be deleted', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  await succeed(account, smallUp);
  const reason = 'resource sg-0123 has a dependent object';
  account.state.conditions = [{ kind: 'stack-delete-fails', stack: 'eksctl-one-cluster', reason, times: 2 }];
  expect(said(await cli(account, down))).toMatchInlineSnapshot(`
    "✖ stack eksctl-one-cluster of EKS cluster one in us-west-2 could not be deleted
      why:  ControlPlaneSecurityGroup: resource sg-0123 has a dependent object
      next: 1. remove the reported cause
            2. run the same command again; it retries the stack
      code: cluster-delete-failed
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    exit 4"
  `);
  await succeed(account, down);
  expectGone(account, before);
});
