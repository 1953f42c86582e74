/** A policy as IAM takes it: in as many documents as its limit of characters needs, and as templates that make them. */
import type { Fleet } from '../fleet/fleet.js';
import type { IamPolicy, Statement } from './statement.js';

/** Characters of a managed policy without white space (IAM User Guide, IAM and STS quotas). */
export const mostCharacters = 6_144;

/** The same policy in as few documents as its statements go into in their order; together they allow what it allows. */
export function documentsOf(policy: IamPolicy): readonly IamPolicy[] {
  const documents: Statement[][] = [];
  for (const statement of policy.Statement.flatMap((each) => pieces(each))) {
    const roomy = documents.find((statements) => fits([...statements, statement]));
    if (roomy === undefined) documents.push([statement]);
    else roomy.push(statement);
  }
  return documents.map(documentOf);
}

function documentOf(Statement: readonly Statement[]): IamPolicy {
  return { Version: '2012-10-17', Statement };
}

function fits(statements: readonly Statement[]): boolean {
  return JSON.stringify(documentOf(statements)).replace(/\s/g, '').length <= mostCharacters;
}

/** A statement that alone is too long, by halves of its longest list: what one of them names, one of the pieces does. */
function pieces(statement: Statement): readonly Statement[] {
  const lists = listsOf(statement);
  const [longest] = lists.sort((one, other) => JSON.stringify(other.list).length - JSON.stringify(one.list).length);
  if (fits([statement]) || longest === undefined) return [statement];
  const middle = Math.ceil(longest.list.length / 2);
  const halves = [longest.list.slice(0, middle), longest.list.slice(middle)];
  return halves.flatMap((half, index) =>
    pieces({ ...longest.withList(half), Sid: `${statement.Sid}Part${index + 1}` }),
  );
}

interface List {
  readonly list: readonly string[];
  readonly withList: (list: readonly string[]) => Statement;
}

/** Those of which one value is enough. All values of a request must be in the list of a `ForAllValues`, so that one stays whole. */
function listsOf(statement: Statement): List[] {
  const { Resource, Condition = {} } = statement;
  const conditions = Object.entries(Condition)
    .filter(([operator]) => !operator.startsWith('ForAllValues:'))
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, list]) => ({
        list,
        withList: (part: readonly string[]) => ({
          ...statement,
          Condition: { ...Condition, [operator]: { ...keys, [key]: part } },
        }),
      })),
    );
  const resources = typeof Resource === 'string' ? [] : [{ list: Resource, withList: ofResources(statement) }];
  return [...resources, ...conditions].filter(({ list }) => list.length > 1);
}

function ofResources(statement: Statement): List['withList'] {
  return (Resource) => ({ ...statement, Resource });
}

/** What tells a fleet from others. */
type FleetName = Pick<Fleet, 'id' | 'name'>;

/** Bytes of a template that is not read from S3 (CloudFormation User Guide, quotas). */
export const mostTemplateBytes = 51_200;

/** A CloudFormation template, as JSON, with a managed policy for each document; its outputs are their ARNs. */
export function cloudFormationTemplate(fleet: FleetName, documents: readonly IamPolicy[]): object {
  const names = documents.map((_, index) => `Policy${index + 1}`);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What karmada-eks needs for fleet ${fleet.name} (${fleet.id}); printed after up, what is left to do and nothing else`,
    Resources: Object.fromEntries(
      documents.map((PolicyDocument, index) => [
        names[index],
        {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { ManagedPolicyName: policyName(fleet, index), PolicyDocument },
        },
      ]),
    ),
    Outputs: Object.fromEntries(names.map((name) => [name, { Value: { Ref: name } }])),
  };
}

/** Terraform's JSON configuration syntax, for a file `*.tf.json`; its output is the list of ARNs. */
export function terraformConfiguration(fleet: FleetName, documents: readonly IamPolicy[]): object {
  const names = documents.map((_, index) => identifier(policyName(fleet, index)));
  return {
    resource: {
      aws_iam_policy: Object.fromEntries(
        documents.map((document, index) => [
          names[index],
          { name: policyName(fleet, index), policy: literal(JSON.stringify(document)) },
        ]),
      ),
    },
    output: {
      [identifier(`karmada-eks-${fleet.name}-${fleet.id}-policy-arns`)]: {
        value: names.map((name) => `\${aws_iam_policy.${name}.arn}`),
      },
    },
  };
}

/** Terraform reads `${` and `%{` in strings as templates (Terraform, "JSON Configuration Syntax"). */
function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, '$&$&');
}

/** Several fleets of an account may have one name; the id is of one alone. */
function policyName({ name, id }: FleetName, index: number): string {
  return `karmada-eks-${name}-${id}-${index + 1}`;
}

/** As Terraform takes names (Terraform, "Identifiers"), whose first character is no digit. */
function identifier(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
