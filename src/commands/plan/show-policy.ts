/** Prints the policy of a plan: as a document, as a list of documents that fit into IAM, or as a template that makes them. */
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import {
  cloudFormationTemplate,
  documentsOf,
  holderSentence,
  type IamPolicy,
  mostCharacters,
  mostTemplateBytes,
  type RolePolicy,
  terraformConfiguration,
  unconfinedActions,
} from '../../iam/iam-policy.js';
import type { OptionsOf } from '../../options/table.js';
import type { Ui } from '../../ui/ui.js';

type Format = OptionsOf<'planOutput'>['planOutput'];

/** Managed policies that a role takes, and how many after a request (IAM User Guide, quotas). */
const attached = { usual: 10, most: 20, quota: 'L-0DA4ABF3' } as const;

/** A whole plan has no such form. @throws Problem `invalid-usage` */
export function refuseTemplate(format: Format): void {
  if (format !== 'terraform' && format !== 'cloudformation') return;
  throw new Problem('invalid-usage', {
    what: `-o ${format} is for --iam-policy only`,
    next: ['add --iam-policy, or use -o text, json or yaml'],
  });
}

/** Of a plan. */
interface PrintedPolicy {
  readonly fleet: Fleet;
  readonly policy: IamPolicy;
  /** What roles of other accounts need. */
  readonly accounts: readonly RolePolicy[];
}

/** `text` is one document where that fits, for `aws iam create-policy`. */
export function showPolicy(ui: Ui, { fleet, policy, accounts }: PrintedPolicy, format: Format): void {
  const documents = documentsOf(policy);
  const shown = shownAs(format, fleet, documents);
  if (format === 'yaml') ui.showDocument('yaml', shown);
  else ui.print(jsonText(format, shown));
  if (format === 'cloudformation' && bytes(JSON.stringify(shown)) > mostTemplateBytes) ui.note(largeNote);
  if (documents.length > 1) ui.note(sizeNote(documents.length));
  for (const each of accounts) {
    ui.note(roleNote(each));
    ui.note(trustNote(each));
  }
  const sentence = holderSentence(policy);
  if (sentence !== undefined) ui.note(sentence);
  const inDocuments = accounts.map((each) => ({ ...each, documents: documentsOf(each.policy) }));
  const others = accounts.length === 0 ? {} : { accounts: inDocuments };
  ui.data('iam-policy', { policy, documents, ...others, stillPossible: unconfinedActions(policy) });
}

/** For the people of that account: no part of the policy that is printed. */
function roleNote({ account, role, policy }: RolePolicy): string {
  const documents = documentsOf(policy).map((each) => JSON.stringify(each));
  const needs = documents.length === 1 ? 'this policy' : `these ${documents.length} policies`;
  const sentence = holderSentence(policy);
  return `in account ${account}, role ${role} needs ${needs}: ${documents.join(' ')}${sentence === undefined ? '' : ` (${sentence})`}`;
}

function trustNote({ account, role, trust }: RolePolicy): string {
  return `in account ${account}, role ${role} has to trust this identity: ${JSON.stringify(trust)}`;
}

const largeNote = `the template has more than the ${mostTemplateBytes.toLocaleString('en')} bytes that CloudFormation takes directly: put it into S3, e.g. with aws cloudformation deploy --s3-bucket`;

/** For people to read, unless only the compact form of a template may fit. */
function jsonText(format: Format, shown: unknown): string {
  const text = JSON.stringify(shown, undefined, 2);
  return format === 'cloudformation' && bytes(text) > mostTemplateBytes ? JSON.stringify(shown) : text;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function shownAs(format: Format, fleet: Fleet, documents: readonly IamPolicy[]): unknown {
  if (format === 'terraform') return terraformConfiguration(fleet, documents);
  if (format === 'cloudformation') return cloudFormationTemplate(fleet, documents);
  return format === 'text' && documents.length === 1 ? documents[0] : documents;
}

function sizeNote(count: number): string {
  const { usual, most, quota } = attached;
  const tooMany = `; a role takes ${usual} of them, and up to ${most} after a request (quota ${quota} of iam)`;
  return `IAM takes ${mostCharacters} characters a managed policy: this is a list of ${count} documents, each for a policy of its own${count > usual ? tooMany : ''}`;
}
