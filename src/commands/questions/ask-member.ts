/** Asks for one member: its name, region, cluster, VPC and mode. */

import { defaults } from '../../fleet/defaults.js';
import type { MemberMode } from '../../fleet/fleet.js';
import { memberNameOf } from '../../fleet/names.js';
import type { MemberRequest } from '../../fleet/schema.js';
import { listClusters } from '../../preflight/choices.js';
import type { Ask, Question } from '../../ui/ui.js';
import { askRegion } from './ask-region.js';
import { askVpc } from './ask-vpc.js';
import { type Draft, type Inquiry, questionOf } from './topic.js';
import { isValid } from './validate.js';

/** The member, with only what differs from the parent; and whether its cluster exists. */
export interface AskedMember {
  readonly member: MemberRequest;
  readonly exists: boolean;
}

export async function askMember(
  inquiry: Inquiry,
  draft: Draft,
  before: readonly MemberRequest[],
): Promise<AskedMember> {
  const name = await askName(inquiry.ask, draft, before);
  const question = (message: string): Question => questionOf(`${message} of ${name}`, '--member');
  let region = await askRegion(inquiry, question('Region'), draft.region);
  const existing = await askCluster(inquiry, region, name);
  let vpc = existing?.vpc;
  while (vpc === undefined) {
    const preset = region === draft.region ? draft.vpc : undefined;
    const spec = { region, instanceType: draft.instanceType, needsPublicSubnet: false, preset };
    vpc = await askVpc(inquiry, question('VPC'), spec);
    if (vpc === undefined) region = await askRegion(inquiry, question('Region'), region);
  }
  const mode = await askMode(inquiry.ask, `Join mode of ${name}`);
  const isElsewhere = region !== draft.region;
  return {
    exists: existing !== undefined,
    member: {
      name,
      ...(existing === undefined ? {} : { cluster: existing.cluster }),
      ...(isElsewhere ? { region } : {}),
      ...(isElsewhere || vpc !== draft.vpc ? { vpc } : {}),
      mode,
    },
  };
}

export async function askMode(ask: Ask, message: string): Promise<MemberMode> {
  return await ask.select<MemberMode>({
    ...questionOf(message, '--member'),
    choices: [
      { name: 'push: Karmada reaches the member', value: 'push' },
      { name: 'pull: an agent in the member reaches Karmada', value: 'pull' },
    ],
    default: defaults.mode,
  });
}

async function askName(ask: Ask, draft: Draft, before: readonly MemberRequest[]): Promise<string> {
  const number = before.length + 1;
  const preset = memberNameOf(draft.fleet ?? defaults.fleet, number);
  const validate = (text: string): true | string => {
    const name = text.trim();
    if (before.some((each) => each.name === name)) return `another member already has the name ${name}`;
    return isValid('members', [{ name }], 'name');
  };
  const question = questionOf(`Name of member ${number}`, '--member');
  return (await ask.input({ ...question, default: preset, validate })).trim();
}

/** An existing cluster of the region; undefined for a new one, without a question if there is no other. */
async function askCluster(
  { ask, clients }: Inquiry,
  region: string,
  name: string,
): Promise<{ readonly cluster: string; readonly vpc: string } | undefined> {
  const offers = await listClusters(clients, region);
  if (offers.length === 0) return undefined;
  const chosen = await ask.select({
    ...questionOf(`Cluster of ${name}`, '--member'),
    choices: [
      { name: `create a new one, ${name}`, value: '' },
      ...offers.map(({ cluster }) => ({ name: `existing cluster ${cluster}`, value: cluster })),
    ],
  });
  return offers.find(({ cluster }) => cluster === chosen);
}
