/** What the comparison notes of a call to AWS. */
import { expect, it } from 'vitest';

interface Noted {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

type Aws = Readonly<Record<string, (place: unknown) => { send: (command: object) => Promise<object> }>>;

// The lab's JavaScript has no types: it runs without a build.
const { recorded } = (await import(new URL('recorder.js', import.meta.url).href)) as {
  recorded: (world: { readonly aws: Aws }) => {
    readonly world: { readonly aws: Aws };
    readonly calls: readonly Noted[];
  };
};

class DescribeVpcsCommand {}

it.each([['eu-west-1'], [{ region: 'eu-west-1', account: undefined }]])('names the region of %s', async (place) => {
  const asked: unknown[] = [];
  const ec2 = (where: unknown) => {
    asked.push(where);
    return { send: async () => ({}) };
  };
  const { world, calls } = recorded({ aws: { ec2 } });
  await world.aws['ec2']?.(place).send(new DescribeVpcsCommand());
  expect(calls).toMatchObject([{ service: 'ec2', operation: 'DescribeVpcs', region: 'eu-west-1' }]);
  expect(asked).toEqual([place]);
});
