/** What is known of Karmada's images before there are nodes. */
import { expect, it } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.js';
import { judgeImages } from '../../src/preflight/images.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const china = { region: 'cn-north-1', vpc: 'main' };
const { files } = connect(newAccount()).world;
const judged = async (request: Parameters<typeof resolveFleet>[0]) =>
  (await judgeImages(files, resolveFleet(request))).map(({ severity }) => severity);

it.each([
  [{ region: 'eu-west-1', vpc: 'main' }, []],
  [{ region: 'eu-west-1', vpc: 'main', imageMirrorCountry: 'cn' as const }, ['ok']],
  [china, ['error']],
  [{ ...china, imageRegistry: 'none' }, ['error']],
  [{ ...china, imageMirrorCountry: 'cn' as const }, ['warning']],
  [{ ...china, imageRegistry: 'registry.example.cn/karmada' }, ['ok']],
])('%j is %j', async (request, severities) => {
  expect(await judged(request)).toEqual(severities);
});
