/** Asks for one member: its name, region, cluster, VPC and mode. */

import { defaults } from '../../fleet/defaults.js';
import type { MemberMode } from '../../fleet/fleet.js';
import { memberNameOf, parentNameOf } from '../../fleet/names.js';
import { instanceTypesOf, nameClash } from '../../fleet/resolve.js';
import type { MemberRequest } from '../../fleet/schema.js';
import { listClusters, takenClusters } from '../../preflight/choices.js';
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
  const existing = await askCluster(inquiry, region, draft, { name, before });
  let vpc = existing?.vpc;
  const isInNewVpc = (): boolean => draft.createVpc !== undefined && region === draft.region;
  while (vpc === undefined && !isInNewVpc()) {
    const preset = region === draft.region ? draft.vpc : undefined;
    const spec = { region, instanceTypes: instanceTypesOf(draft), needsPublicSubnet: false, preset };
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
      ...(vpc !== undefined && (isElsewhere || vpc !== draft.vpc) ? { vpc } : {}),
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
  const fleet = draft.fleet ?? defaults.fleet;
  const preset = memberNameOf(fleet, number);
  const names = new Set(before.map(({ name }) => name));
  const validate = (text: string): true | string => {
    const name = text.trim();
    const form = isValid('members', [{ name }], 'name');
    return form === true ? (nameClash(name, parentNameOf(fleet), names) ?? true) : form;
  };
  const question = questionOf(`Name of member ${number}`, '--member');
  return (await ask.input({ ...question, default: preset, validate })).trim();
}

/** An existing cluster of the region; undefined for a new one, without a question if there is no other. */
async function askCluster(
  { ask, clients, read }: Inquiry,
  region: string,
  { fleet = defaults.fleet, region: parents }: Draft,
  { name, before }: { readonly name: string; readonly before: readonly MemberRequest[] },
): Promise<{ readonly cluster: string; readonly vpc: string } | undefined> {
  const [offers, taken] = await read(`clusters in ${region}`, () =>
    Promise.all([listClusters(clients, region), takenClusters(clients, region, fleet)]),
  );
  if (offers.length === 0 && !taken.has(name)) return undefined;
  const isMember = (cluster: string): boolean =>
    before.some((each) => (each.cluster ?? each.name) === cluster && (each.region ?? parents) === region);
  const fresh = { name: `create a new one, ${name}`, value: '' };
  const chosen = await ask.select({
    ...questionOf(`Cluster of ${name}`, '--member'),
    choices: [
      taken.has(name) ? { ...fresh, disabled: 'a cluster of this name exists' } : fresh,
      ...offers.map(({ cluster }) => {
        const offer = { name: `existing cluster ${cluster}`, value: cluster };
        return isMember(cluster) ? { ...offer, disabled: 'is another member' } : offer;
      }),
    ],
  });
  return offers.find(({ cluster }) => cluster === chosen);
}
