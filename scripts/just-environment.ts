import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseEnv } from 'node:util'
import { administratorEnvironment } from '../lab/administrator-environment.ts'
import { codeOf } from '../lab/lab-error.ts'
import { readLab } from '../lab/lab-file.ts'
import { workerEnvironment } from '../lab/worker-environment.ts'
import { dotenvLine, justEnvironment, type LabVariables } from './just/just-environment.ts'

/** Prints what `just` is to give to its recipes, as lines of a `.env`; the one of this folder is part of it. */
try {
  const variables = justEnvironment({ shell: process.env, file: await readEnvFile(), lab: await labVariables() })
  for (const [name, value] of Object.entries(variables)) console.log(dotenvLine(name, value))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function readEnvFile(): Promise<Record<string, string | undefined>> {
  try {
    return parseEnv(await readFile('.env', 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw error
  }
}

async function labVariables(): Promise<LabVariables | undefined> {
  const lab = await readLab()
  if (!lab) return undefined
  const variables = { ...workerEnvironment(lab), ...(await administratorEnvironment(lab)) }
  const folders = Object.values(lab.tools).map((program) => dirname(program))
  return { cluster: lab.cluster, variables, folders: [...new Set(folders)].filter((folder) => folder !== '.') }
}
