import { z } from 'zod'
import type { ManifestObject } from '../kubernetes/apply.ts'

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ containers: z.tuple([z.looseObject({ image: z.string() })]) }) }),
  }),
})

/** A Deployment of MySQL with this image; any other object as it is. */
export function withMysqlImage(object: ManifestObject, image: string): ManifestObject {
  if (object.kind !== 'Deployment') return object
  const { spec } = deploymentSchema.parse(structuredClone(object))
  spec.template.spec.containers[0].image = image
  return { ...object, spec }
}
