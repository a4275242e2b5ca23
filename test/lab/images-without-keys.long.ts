import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { findAwsKeys, imageTexts } from '../support/aws-keys.ts'
import { theLab } from '../support/lab.ts'

const SEARCH_MILLISECONDS = 300_000

test(
  'no image holds an AWS key',
  async () => {
    const lab = await theLab()
    const administrator = JSON.parse(await readFile(lab.aws.adminCredentialsFile, 'utf8'))
    const secrets = [administrator.secretAccessKey]
    const texts = await imageTexts(lab, secrets)
    expect([...texts].flatMap(([image, text]) => findAwsKeys(text, secrets).map((key) => `${image}: ${key}`))).toEqual(
      [],
    )
    // What cannot be searched holds no key either.
    for (const image of [/tools:/, /terraform:/]) {
      expect([...texts.keys()]).toContainEqual(expect.stringMatching(image))
    }
  },
  SEARCH_MILLISECONDS,
)
