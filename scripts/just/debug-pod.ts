import { z } from 'zod'

/** What of the debug pod's manifests depends on where it runs. */
export interface DebugSettings {
  readonly bucket: string
  readonly region: string
  /** Of the tools. */
  readonly image: string
}

const containerSchema = z.looseObject({
  env: z.array(z.looseObject({ name: z.string() })).default([]),
})
const podSchema = z.looseObject({
  kind: z.literal('Pod'),
  spec: z.looseObject({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).default([]),
  }),
})
const storageClassSchema = z.looseObject({
  kind: z.literal('StorageClass'),
  parameters: z.record(z.string(), z.string()),
})

/** An object of the debug pod's manifests, with its settings. */
export function withSettings(object: unknown, { bucket, region, image }: DebugSettings): unknown {
  const pod = podSchema.safeParse(object)
  if (pod.success) {
    const setUp = ({ env, ...container }: z.output<typeof containerSchema>) => ({
      ...container,
      image,
      env: env.map((variable) => (variable.name === 'BUCKET' ? { name: 'BUCKET', value: bucket } : variable)),
    })
    const { containers, initContainers, ...spec } = pod.data.spec
    return {
      ...pod.data,
      spec: { ...spec, containers: containers.map(setUp), initContainers: initContainers.map(setUp) },
    }
  }
  const storageClass = storageClassSchema.safeParse(object)
  if (!storageClass.success) return object
  const parameters = { ...storageClass.data.parameters, remotePath: bucket, 's3-region': region }
  return { ...storageClass.data, parameters }
}
