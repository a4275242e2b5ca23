import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { containerdSocket } from '../../lab/parts/containerd.ts'
import { kubectl, type WholeLab } from './lab.ts'

/**
 * What AWS's access key ids look like: four letters for a user's or a session's, then base32. Upper case words of a
 * dictionary look like that too, but have no digit.
 */
const KEY_ID = /(?<![A-Z0-9])(?:AKIA|ASIA)(?=[A-Z]*[2-7])[A-Z2-7]{16}(?![A-Z0-9])/g
const KEY_ID_FOR_GREP = '(AKIA|ASIA)[A-Z2-7]{16}'
/** AWS's documentation has keys that end in this word: programs quote them in their help. */
const EXAMPLE = 'EXAMPLE'

/** The AWS keys in a text: whatever looks like a key id, and any of the secrets that are known. */
export function findAwsKeys(text: string, secrets: readonly string[]): string[] {
  const ids = (text.match(KEY_ID) ?? []).filter((id) => !id.endsWith(EXAMPLE))
  return [...ids, ...secrets.filter((secret) => text.includes(secret)).map(() => "the administrator's secret")]
}

/** What is to be searched, by where it comes from. */
export type Texts = ReadonlyMap<string, string>

/** The objects of a cluster that a key could stand in, and the logs of the pods of these namespaces. */
export async function clusterTexts(lab: WholeLab, namespaces: readonly string[]): Promise<Texts> {
  const kinds = 'secrets,configmaps,jobs,pods,deployments,serviceaccounts,events'
  const texts = new Map([['objects', await kubectl(lab, 'get', kinds, '--all-namespaces', '--output', 'json')]])
  for (const namespace of namespaces) {
    const names = await kubectl(lab, '--namespace', namespace, 'get', 'pods', '--output', 'name')
    for (const pod of names.split('\n').filter(Boolean)) {
      texts.set(
        `log of ${namespace}/${pod}`,
        await kubectl(lab, '--namespace', namespace, 'logs', pod, '--all-containers'),
      )
    }
  }
  return texts
}

/** The files of this repository that reach a cluster or AWS. */
export async function repositoryTexts(): Promise<Texts> {
  const { stdout } = await execa('git', ['ls-files', 'manifests', 'terraform', 'images', 'src'], { lines: true })
  return new Map(await Promise.all(stdout.map(async (file) => [file, await readFile(file, 'utf8')] as const)))
}

/** What looks like a key in the images that the node has, by image: the same search as that of a text, in gigabytes. */
export async function imageTexts(lab: WholeLab, secrets: readonly string[]): Promise<Texts> {
  const texts = new Map<string, string>()
  for (const reference of Object.values(lab.images)) {
    const address = ['--address', containerdSocket, '--namespace', 'k8s.io']
    const patterns = [KEY_ID_FOR_GREP, ...secrets.map(escaped)].flatMap((pattern) => ['-e', pattern])
    const { stdout, exitCode } = await execa('ctr', [...address, 'images', 'export', '-', reference], {
      encoding: 'buffer',
      buffer: false,
    }).pipe('grep', ['-aoE', ...patterns], { reject: false, env: { LC_ALL: 'C' } })
    // 1: nothing found. 2 and more: grep could not read.
    if (exitCode === undefined || exitCode > 1) throw new Error(`${reference} could not be searched.`)
    texts.set(reference, stdout)
  }
  return texts
}

function escaped(text: string): string {
  return text.replaceAll(/[^0-9A-Za-z]/g, (character) => `\\${character}`)
}
