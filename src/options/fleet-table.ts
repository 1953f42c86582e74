/** The options that say which fleet, and what it is. */
import { fleetOption } from './option.js';

const { text, yes, count, list, members } = fleetOption;

/** Which fleet: every command that is about one has these. */
export const identityOptions = {
  fleet: text('--fleet <name>', 'name of the fleet (karmada)', 'fleet'),
  region: text('--region <region>', 'region of the parent; AWS_REGION is read too', 'region'),
  fleetId: text('--fleet-id <id>', 'which of several fleets of one name, as status shows it', 'id'),
};

/** What the fleet is. Their variables are read by every command that is about one. */
export const descriptionOptions = {
  vpc: text('--vpc <id-or-name>', 'VPC by its id or its Name tag (* stands for any text)', 'vpc'),
  members: count('--members <number>', 'number of members, named after the fleet (2)', 'members', ['member']),
  member: members(
    '--member <fields>',
    'one member: name=…,region=…,vpc=…,mode=push|pull,cluster=…,existing=true,context=…,sources=CIDR+CIDR (may be repeated; all but name may be left out)',
    'members',
    ['members'],
  ),
  nodes: count('--nodes <number>', 'nodes of each cluster (3)', 'nodes'),
  instanceType: text('--instance-type <type>', 'instance type of the nodes (m5.large)', 'instanceType'),
  kubernetesVersion: text(
    '--kubernetes-version <version>',
    'e.g. 1.35 (newest in standard support)',
    'kubernetesVersion',
  ),
  karmadaVersion: text('--karmada-version <version>', 'e.g. 1.18.2 (that of kubectl-karmada)', 'karmadaVersion'),
  crds: text('--crds <file>', 'local archive of Karmada’s CRDs (else init downloads it)', 'crds'),
  allow: list(
    '--allow <cidr>',
    'who may reach the Karmada API (this machine, or the VPC with --internal; may be repeated)',
    'allow',
  ),
  internal: yes('--internal', 'give the load balancer of the Karmada API private addresses only', 'internal'),
  publicAccessCidr: list(
    '--public-access-cidr <cidr>',
    'who may reach the public endpoints of new EKS clusters, beside nodes and Karmada (everyone; may be repeated)',
    'publicAccess',
  ),
  admin: list('--admin <arn>', 'another administrator of the clusters (may be repeated)', 'admins'),
  useExisting: yes('--use-existing', 'use clusters that exist and do not belong to the fleet', 'useExisting'),
};
