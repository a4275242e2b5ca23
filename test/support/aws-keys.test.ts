import { expect, test } from '@jest/globals'
import { findAwsKeys } from './aws-keys.ts'

test.each([
  ['"AccessKeyId":"ASIAQ3EGKJ5VXXK2ABCD"', ['ASIAQ3EGKJ5VXXK2ABCD']],
  ['key=AKIAIOSFODNN7ABCDEFG;', ['AKIAIOSFODNN7ABCDEFG']],
  ['password: abc/+def', ["the administrator's secret"]],
  ['AKIAIOSFODNN7EXAMPLE of the documentation', []],
  ['ASIANCENTURIALCHARAC of a dictionary', []],
])('%j', (text, keys) => {
  expect(findAwsKeys(text, ['abc/+def'])).toEqual(keys)
})
