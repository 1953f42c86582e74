/** What is known of Karmada's images before there are nodes. */
import { expect, it } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.js';
import { judgeImages } from '../../src/preflight/images.js';

const china = { region: 'cn-north-1', vpc: 'main' };
const judged = (request: Parameters<typeof resolveFleet>[0]) =>
  judgeImages(resolveFleet(request)).map((each) => ('severity' in each ? each.severity : 'ok'));

it.each([
  [{ region: 'eu-west-1', vpc: 'main' }, []],
  [{ region: 'eu-west-1', vpc: 'main', imageMirrorCountry: 'cn' as const }, ['ok']],
  [china, ['error']],
  [{ ...china, imageRegistry: 'none' }, ['error']],
  [{ ...china, imageMirrorCountry: 'cn' as const }, ['warning']],
  [{ ...china, imageRegistry: 'registry.example.cn/karmada' }, ['ok']],
])('%j is %j', (request, severities) => {
  expect(judged(request)).toEqual(severities);
});
