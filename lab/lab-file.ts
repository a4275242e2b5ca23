import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { LabError } from './lab-error.ts'
import { files } from './paths.ts'

/**
 * Whose Kubernetes is used. `lab`: the lab's own, with an AWS. `current`: that of kubectl's current context. `compose`: that of
 * docker-compose.yml, with an AWS.
 */
export const CLUSTERS = ['lab', 'current', 'compose'] as const

const kubernetesSchema = z.strictObject({
  kubeconfig: z.string(),
  /** The context of the kubeconfig that is meant. */
  context: z.string(),
})

const awsSchema = z.strictObject({
  endpoint: z.string(),
  region: z.string(),
  accountId: z.string(),
  caFile: z.string(),
  /** The file with the administrator's key. Of the lab's processes and tests, never of a pod. */
  adminCredentialsFile: z.string(),
})

const imagesSchema = z.strictObject({ tools: z.string(), terraform: z.string(), mysql: z.string() })

const labFileSchema = z.strictObject({
  /** Of the files that decide how the lab is set up. */
  version: z.string(),
  /** The clone that it was started from. */
  repository: z.string(),
  cluster: z.enum(CLUSTERS),
  kubernetes: kubernetesSchema,
  temporal: z.strictObject({ address: z.string(), namespace: z.string(), uiUrl: z.string() }),
  /** Absent with `current`: its AWS is the real one. */
  aws: awsSchema.optional(),
  /** References by which pods find the images. Absent where the lab did not build them. */
  images: imagesSchema.optional(),
  /** Paths of programs. */
  tools: z.strictObject({
    kubectl: z.string(),
    temporal: z.string(),
    temporalTestServer: z.string(),
    rclone: z.string(),
    just: z.string(),
  }),
})

/** What others need to know to use the lab. */
export type LabFile = z.infer<typeof labFileSchema>

/**
 * The lab of this machine, or undefined where there is none.
 *
 * @throws LabError if the file is there and cannot be read
 */
export async function readLab(): Promise<LabFile | undefined> {
  const text = await readFile(files.lab, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return labFileSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new LabError(
      `${files.lab} was written by another version of the lab. \`npm run lab -- reset\` removes that lab with its data.`,
      { cause: error },
    )
  }
}
