import { expect, test } from '@jest/globals'
import { type BucketSettings, faultsOf } from '../../../../images/tools/doctor/bucket-settings.ts'

const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
}
const aborts = { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } } as const
const settings: BucketSettings = {
  versioning: 'Enabled',
  encryption: ['AES256'],
  publicAccessBlock: closed,
  lifecycle: [{ ...aborts, Filter: { Prefix: '' } }],
}

test('a bucket as terraform/storage sets it has no faults', () => {
  expect(faultsOf(settings)).toEqual([])
  expect(faultsOf({ ...settings, encryption: ['aws:kms'], lifecycle: [{ ...aborts, Prefix: '' }] })).toEqual([])
})

test.each<[string, Partial<BucketSettings>, RegExp]>([
  ['versioning is suspended', { versioning: 'Suspended' }, /versioning is Suspended/],
  ['versioning was never on', { versioning: undefined }, /versioning is off/],
  ['nothing is encrypted', { encryption: [] }, /encrypts nothing/],
  ['one way to the public is open', { publicAccessBlock: { ...closed, IgnorePublicAcls: false } }, /public access/],
  ['nobody has blocked the public', { publicAccessBlock: {} }, /public access/],
  ['there is no lifecycle rule', { lifecycle: [] }, /uploads that never ended/],
  ['the rule is off', { lifecycle: [{ ...aborts, Status: 'Disabled' }] }, /uploads that never ended/],
  ['the rule is for a folder', { lifecycle: [{ ...aborts, Filter: { Prefix: 'logs/' } }] }, /uploads that never ended/],
  [
    'the rule is for large objects',
    { lifecycle: [{ ...aborts, Filter: { ObjectSizeGreaterThan: 5 } }] },
    /never ended/,
  ],
  ['the rule does something else', { lifecycle: [{ Status: 'Enabled' }] }, /uploads that never ended/],
])('%s: that is the one fault', (_, change, fault) => {
  expect(faultsOf({ ...settings, ...change })).toEqual([expect.stringMatching(fault)])
})
