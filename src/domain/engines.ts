import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/** What dumps rows, and loads them: several `mysqldump` at once and `mysql`, or MySQL Shell. */
export const ENGINES = ['mysqldump', 'mysqlsh'] as const
export const engineNameSchema = once(() => z.enum(ENGINES))
export type EngineName = z.infer<ReturnType<typeof engineNameSchema>>
