import { z } from 'zod'

/** A MySQL that is not the namespace's own: how its pods reach it, and as whom. The password stays in its Secret. */
export const mysqlServerSchema = z
  .strictObject({
    host: z.string().regex(/^[0-9A-Za-z]([0-9A-Za-z.:-]{0,251}[0-9A-Za-z])?$/, 'is no name or address of a host'),
    port: z.int().min(1).max(65_535).default(3306),
    user: z.string().min(1).max(32).default('root'),
    /** A Secret of the namespace, whose key `password` holds it. */
    passwordSecret: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'is no name of a Secret')
      .default('mysql'),
  })
  .readonly()
export type MysqlServer = z.infer<typeof mysqlServerSchema>
