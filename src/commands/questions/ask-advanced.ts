/** The settings that few need, on a page of their own: chosen from a list until they are right. */
import { type AmiFamily, amiFamilies, usualVolumeSize } from '../../fleet/settings/node-form.js';
import { tagWords } from '../../fleet/settings/tags.js';
import { type Draft, type Inquiry, questionOf, type Topic } from './topic.js';
import { countOf, isValid } from './validate.js';

/** A setting that is typed; nothing typed takes it away. */
interface Typed {
  readonly label: string;
  readonly field: keyof Draft;
  readonly flag: string;
  readonly message: string;
  /** What it is, as it would be typed; empty when it is not set. */
  readonly text: (draft: Draft) => string;
  readonly read: (text: string) => unknown;
  /** What the schema cannot know of a value that it takes. */
  readonly check?: (text: string, draft: Draft) => true | string;
}

const typed: readonly Typed[] = [
  {
    label: 'tags',
    field: 'tags',
    flag: '--tag',
    message: 'Tags on everything in AWS: key=value, separated by commas',
    text: ({ tags = {} }) => tagWords(tags).join(', '),
    read: (text) => Object.fromEntries(partsOf(text).map((part) => pairOf(part))),
    check: (text) => partsOf(text).every((part) => part.indexOf('=') > 0) || 'expected key=value',
  },
  {
    label: 'permissions boundary',
    field: 'permissionsBoundary',
    flag: '--permissions-boundary',
    message: 'ARN of the IAM policy that bounds every role',
    text: ({ permissionsBoundary = '' }) => permissionsBoundary,
    read: (text) => text,
  },
  list('KMS keys', 'kmsKeys', '--kms-key', 'ARNs of the KMS keys for volumes, one for each region'),
  {
    ...list('zones', 'zones', '--zones', 'The only zones of the VPC for new clusters'),
    check: (text, { region = '' }) =>
      partsOf(text).every((zone) => zone.slice(0, -1) === region) || `expected zones of ${region}`,
  },
  list('subnets', 'subnets', '--subnet', 'IDs of the only subnets of the VPC for new clusters'),
  {
    label: 'volume size',
    field: 'volumeSize',
    flag: '--volume-size',
    message: `Disk of each node in GiB (default: ${usualVolumeSize})`,
    text: ({ volumeSize }) => (volumeSize === undefined ? '' : String(volumeSize)),
    read: countOf,
  },
  {
    label: 'image registry',
    field: 'imageRegistry',
    flag: '--image-registry',
    message: 'Registry with all images of Karmada',
    text: ({ imageRegistry = '' }) => imageRegistry,
    read: (text) => text,
  },
];

const amiTopic: Topic = {
  label: 'AMI family',
  fills: ['amiFamily'],
  show: ({ amiFamily = amiFamilies[0] }) => amiFamily,
  ask: async ({ ask }, draft) => {
    const choices = amiFamilies.map((family) => ({ name: family, value: family }));
    const question = { ...questionOf('Image of new nodes', '--ami-family'), choices };
    return {
      ...draft,
      amiFamily: await ask.select<AmiFamily>({ ...question, default: draft.amiFamily ?? amiFamilies[0] }),
    };
  },
};

const spotTopic: Topic = {
  label: 'Spot',
  fills: ['spot'],
  show: ({ spot }) => (spot ? 'for new members' : 'no'),
  ask: async ({ ask }, draft) => {
    const question = questionOf('Use Spot Instances for nodes of new members, which EC2 may take back', '--spot');
    return { ...draft, spot: await ask.confirm({ ...question, default: draft.spot ?? false }) };
  },
};

const settings: readonly Topic[] = [...typed.map(topicOf), amiTopic, spotTopic];

/** Asked only on request: the guide offers it once, and the summary of answers has it. */
export const advancedTopic: Topic = {
  label: 'advanced settings',
  fills: settings.flatMap(({ fills }) => fills),
  show: (draft, inquiry) => {
    const set = settings.filter(({ fills }) => fills.some((field) => draft[field] !== undefined));
    return set.map((topic) => `${topic.label} ${topic.show(draft, inquiry)}`).join('; ') || 'none';
  },
  ask: async (inquiry, draft) => {
    let current = draft;
    for (;;) {
      const chosen = await choose(inquiry, current);
      if (chosen === 'done') return current;
      current = await chosen.ask(inquiry, current);
    }
  },
};

/** Whether somebody wants them: Enter means no. */
export async function wantsAdvanced({ ask }: Inquiry): Promise<boolean> {
  const labels = settings.map(({ label }) => label).join(', ');
  return await ask.confirm({ ...questionOf(`Advanced settings (${labels})`, '--config'), default: false });
}

async function choose(inquiry: Inquiry, draft: Draft): Promise<Topic | 'done'> {
  return await inquiry.ask.select<Topic | 'done'>({
    ...questionOf('Which advanced setting', '--config'),
    choices: [
      { name: 'done', value: 'done' },
      ...settings.map((topic) => ({
        name: `${topic.label}: ${topic.show(draft, inquiry) || 'none'}`,
        short: topic.label,
        value: topic,
      })),
    ],
    default: 'done',
  });
}

function topicOf({ label, field, flag, message, text, read, check = () => true }: Typed): Topic {
  return {
    label,
    fills: [field],
    show: text,
    ask: async ({ ask }, draft) => {
      const validate = (answer: string): true | string => {
        const given = answer.trim();
        if (given === '' || given === nothing) return true;
        const verdict = check(given, draft);
        return verdict === true ? isValid(field, read(given), label) : verdict;
      };
      const preset = text(draft);
      const how = preset === '' ? '' : `; ${nothing} for none`;
      const answer = (await ask.input({ ...questionOf(`${message}${how}`, flag), default: preset, validate })).trim();
      const { [field]: _, ...rest } = draft;
      return answer === '' || answer === nothing ? rest : { ...rest, [field]: read(answer) };
    },
  };
}

/** What takes a setting away that Enter would keep. */
const nothing = '-';

function list(label: string, field: keyof Draft, flag: string, message: string): Typed {
  return {
    label,
    field,
    flag,
    message: `${message}, separated by commas`,
    text: (draft) => [draft[field] ?? []].flat().join(', '),
    read: partsOf,
  };
}

function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function pairOf(part: string): readonly [string, string] {
  const at = part.indexOf('=');
  return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
