import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { repository } from '../docs/support/documentation.ts'

/** Programs in the place of those that reach AWS: each notes what it is asked for, and terraform says its outputs. */
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-setup-eks-'))
  for (const name of ['terraform', 'aws', 'kubectl']) {
    const note = `#!/bin/sh\necho "${name} $*" >> ${folder}/asked\n`
    const output = name === 'terraform' ? 'case "$*" in *output*) printf "the %s" "$4" ;; esac\n' : ''
    await writeFile(join(folder, name), note + output)
    await chmod(join(folder, name), 0o755)
  }
})
afterAll(() => rm(folder, { recursive: true }))

async function setUp(env: Record<string, string>) {
  const script = join(repository, 'scripts/setup-eks.sh')
  return await execa(script, [], { env, extendEnv: false, reject: false })
}

test('makes a cluster that nobody else reaches, and tells kubectl of it', async () => {
  const PATH = `${folder}:${process.env.PATH}`
  const done = await setUp({ PATH, TF_VAR_api_access_cidrs: '["203.0.113.7/32"]' })
  expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Images go to the registry.') })
  const asked = (await readFile(join(folder, 'asked'), 'utf8')).split('\n')
  expect(asked.filter((line) => !line.includes('output'))).toEqual([
    'terraform -chdir=terraform/eks init -input=false',
    // It asks the person, who has seen the plan.
    'terraform -chdir=terraform/eks apply',
    'aws eks update-kubeconfig --region the region --name the cluster_name',
    'kubectl apply --filename manifests/storage/eks-auto-mode.yaml',
    '',
  ])
})

test('makes none before it was said from where it may be reached', async () => {
  expect(await setUp({ PATH: `${folder}:${process.env.PATH}` })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('TF_VAR_api_access_cidrs'),
  })
})

test('names the program that is missing', async () => {
  expect(await setUp({ PATH: '/usr/bin:/bin' })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^(terraform|aws|kubectl) is missing/),
  })
})
