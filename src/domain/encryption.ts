import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/**
 * How the files of a dump are encrypted before they leave the pod that makes them: not at all, or by age, to recipients whose
 * identities alone open them. What S3 does with them at rest comes on top.
 */
export const encryptionSchema = once(() => z.enum(['none', 'age']))
export type Encryption = z.infer<ReturnType<typeof encryptionSchema>>
