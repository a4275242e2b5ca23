import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { z } from 'zod'
import { dotenvLine } from '../../scripts/just/just-environment.ts'
import { shownCommands } from '../docs/support/commands.ts'
import { readPages, repository } from '../docs/support/documentation.ts'
import { theLab, type WholeLab } from '../support/lab.ts'

/** What the shell of whoever tests may have of its own. */
const SHELL = { HOME: process.env.HOME, PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME }

let lab: WholeLab
/** As a clone, with a `.env` of its own. */
let clone: string

beforeAll(async () => {
  lab = await theLab()
  clone = await mkdtemp(join(tmpdir(), 'holdfast-just-'))
  for (const name of ['justfile', 'scripts', 'node_modules']) await symlink(join(repository, name), join(clone, name))
})

afterAll(async () => {
  await rm(clone, { recursive: true })
})

async function just(args: readonly string[], env: Record<string, string> = {}, cwd = repository) {
  const options = { cwd, env: { ...SHELL, ...env }, extendEnv: false, reject: false } as const
  return await execa(lab.tools.just, args, options)
}

describe('just -c', () => {
  test('has the environment of the lab, whatever the shell knows of other clusters', async () => {
    const { stdout } = await just(['-c', 'env'], { KUBECONFIG: '/production', AWS_REGION: 'us-east-1' })
    const lines = stdout.split('\n')
    expect(lines).toContain(`KUBECONFIG=${lab.kubernetes.kubeconfig}`)
    expect(lines).toContain(`TEMPORAL_ADDRESS=${lab.temporal.address}`)
    expect(lines).toContain(`AWS_REGION=${lab.aws.region}`)
    expect(lines).toContain(`HOLDFAST_BUCKET=test-${lab.aws.accountId}`)
  })

  test('finds the programs of the lab, of which one is given whole lines', async () => {
    const names = 'kubectl get namespace holdfast --output=name | tr a-z A-Z'
    expect(await just(['--shell-command', '-c', names])).toMatchObject({ stdout: 'NAMESPACE/HOLDFAST' })
  })

  test('takes a whole line where scripts/just.sh is sourced', async () => {
    const script = '. scripts/just.sh; just -c "echo a | tr a b"; just -c echo c'
    const env = { ...SHELL, PATH: `${lab.tools.just.replace(/\/[^/]*$/, '')}:${SHELL.PATH}` }
    const { stdout } = await execa('bash', ['-c', script], { cwd: repository, env, extendEnv: false })
    expect(stdout).toBe('b\nc')
  })

  test('has what .env says, less than the shell says it', async () => {
    const odd = `it's "$HOME" \\n #`
    const lines = [
      'HOLDFAST_CLUSTER=current',
      'AWS_PROFILE=of-the-file',
      'AWS_REGION=eu-west-9',
      dotenvLine('ODD', odd),
    ]
    await writeFile(join(clone, '.env'), lines.join('\n'))
    const { stdout } = await just(['-c', 'env'], { AWS_PROFILE: 'of-the-shell' }, clone)
    const found = stdout.split('\n')
    expect(found).toContain('AWS_PROFILE=of-the-shell')
    expect(found).toContain('AWS_REGION=eu-west-9')
    expect(found).not.toContain(`KUBECONFIG=${lab.kubernetes.kubeconfig}`)
  })
})

test('just _account is the account of the lab', async () => {
  expect(await just(['_account'], { AWS_PROFILE: 'production' })).toMatchObject({ stdout: lab.aws.accountId })
})

test('what just reads of a line is what was written', async () => {
  const value = `it's "$HOME" and \`pwd\` \\ # ü`
  await writeFile(join(clone, 'justfile.dotenv'), `${dotenvLine('ODD', value)}\n`)
  const { stdout } = await execa(
    lab.tools.just,
    ['--justfile', '/dev/null', '-E', join(clone, 'justfile.dotenv'), '-c', 'printenv', 'ODD'],
    {
      cwd: clone,
    },
  )
  expect(stdout).toBe(value)
})

test('the justfile is formatted, and every recipe that the documentation shows is one', async () => {
  expect(await just(['--fmt', '--check'])).toMatchObject({ exitCode: 0 })
  const { recipes } = z
    .object({ recipes: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse((await just(['--dump', '--dump-format', 'json'])).stdout))
  const shown = (await readPages()).flatMap((page) => shownCommands(page, ['just']))
  const wrong = shown.filter(({ words }) => {
    const recipe = words.slice(1).find((word) => !word.includes('='))
    return recipe !== undefined && !recipe.startsWith('-') && !(recipe in recipes)
  })
  expect(wrong.map(({ file, line }) => `${file}: ${line}`)).toEqual([])
  expect(shown.length).toBeGreaterThan(10)
})
