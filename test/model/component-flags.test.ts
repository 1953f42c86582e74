import { expect, it } from 'vitest';
import { flagIn, missingFlags, withFlags, withGate } from '../../src/model/component-flags.js';

const command = ['/bin/karmada-controller-manager', '--feature-gates=Foo=true', '--v=2'];

it('sets flags where they are, adds the others at the end, and takes away those that are not to be', () => {
  expect(withFlags(command, { v: '4', 'cluster-failure-threshold': '5m' })).toEqual([
    '/bin/karmada-controller-manager',
    '--feature-gates=Foo=true',
    '--v=4',
    '--cluster-failure-threshold=5m',
  ]);
  expect(withFlags(command, { 'feature-gates': undefined, none: undefined })).toEqual([command[0], '--v=2']);
});

it('tells what is not as wanted', () => {
  expect(missingFlags(command, { v: '2', 'feature-gates': undefined, other: 'x', none: undefined })).toEqual([
    'no --feature-gates',
    '--other=x',
  ]);
});

it('does not take one flag for another that begins like it', () => {
  expect(flagIn(['--cluster=a', '--cluster-name=b'], 'cluster-name')).toBe('b');
  expect(flagIn(['--cluster-name=b'], 'cluster')).toBeUndefined();
});

it('turns one gate on or off and leaves the others', () => {
  expect(withGate('Foo=true,Failover=false', 'Failover', true)).toBe('Foo=true,Failover=true');
  expect(withGate(undefined, 'Failover', true)).toBe('Failover=true');
  expect(withGate('Failover=true', 'Failover', false)).toBeUndefined();
  expect(withGate('Foo=true,Failover=true', 'Failover', false)).toBe('Foo=true');
});
