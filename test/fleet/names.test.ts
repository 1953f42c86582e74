/** Names that are allowed, and names that are made. */
import { expect, it } from 'vitest';
import * as names from '../../src/fleet/names.js';

/** DNS-1123 label, as Kubernetes writes it (apimachinery, pkg/util/validation). */
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** EKS, CreateCluster: name. */
const eksName = /^[0-9A-Za-z][A-Za-z0-9_-]*$/;
/** Kubernetes label values. */
const labelValue = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** All words of at most three characters of an alphabet that has everything worth trying, and long ones. */
function* words(): Generator<string> {
  const letters = ['a', 'z', '0', '9', '-', '.', '_', 'A', ' ', '/'];
  for (const first of letters) {
    yield first;
    for (const second of letters) {
      yield first + second;
      for (const third of letters) yield first + second + third;
    }
  }
  for (let length = 28; length < 51; length += 1) {
    yield 'a'.repeat(length);
    yield `a${'-'.repeat(length - 2)}b`;
    yield `${'a'.repeat(length - 1)}-`;
    yield `7${'b'.repeat(length - 1)}`;
  }
}

it('allows exactly the DNS labels of at most 48 characters for members', () => {
  let allowed = 0;
  for (const word of words()) {
    const expected = word.length <= 48 && dnsLabel.test(word);
    expect([word, names.memberNamePattern.test(word)]).toEqual([word, expected]);
    if (expected) allowed += 1;
  }
  expect(allowed).toBeGreaterThan(100);
});

it('allows for fleets those of at most 30 that begin with a letter', () => {
  for (const word of words()) {
    const expected = word.length <= 30 && dnsLabel.test(word) && /^[a-z]/.test(word);
    expect([word, names.fleetNamePattern.test(word)]).toEqual([word, expected]);
  }
});

it('makes names out of any allowed fleet that EKS, Karmada and Kubernetes take', () => {
  for (const fleet of words()) {
    if (!names.fleetNamePattern.test(fleet)) continue;
    for (const n of [1, 9, 10, 100]) {
      const member = names.memberNameOf(fleet, n);
      expect(member).toMatch(names.memberNamePattern);
      expect(member).toMatch(eksName);
    }
    expect(names.parentNameOf(fleet)).toMatch(eksName);
    expect(names.oldFleetIdOf(fleet, 'ap-southeast-4')).toMatch(labelValue);
  }
});

it('makes ids that are label values in the longest region, and that tell where they are of', () => {
  const place = { account: '111122223333', region: 'us-isob-east-1' };
  const id = names.fleetIdOf('0a1b2c3d4e5f', place);
  expect(id).toMatch(labelValue);
  expect(id).toMatch(names.fleetIdPattern);
  expect(names.isIdIn(id, 'shop', place)).toBe(true);
  expect(names.isIdIn(id, 'shop', { ...place, region: 'us-east-1' })).toBe(false);
  expect(names.isIdIn(id, 'shop', { ...place, account: '444455556666' })).toBe(false);
});

it('takes the ids of older versions for a fleet of this name and region only', () => {
  const place = { account: '111122223333', region: 'eu-west-1' };
  expect(names.isIdIn('shop.eu-west-1', 'shop', place)).toBe(true);
  for (const id of ['shop-2.eu-west-1', 'shop.eu-west-2', 'eu-west-1', '', undefined]) {
    expect([id, names.isIdIn(id, 'shop', place)]).toEqual([id, false]);
  }
});
