import { once } from 'es-toolkit/function/once'
import { z } from 'zod'

/** How connections to a MySQL are protected, by the words of MySQL's own clients (`--ssl-mode`). */
export const SSL_MODES = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const

/** A MySQL that is not the namespace's own: how its pods reach it, and as whom. The password stays in its Secret. */
export const mysqlServerSchema = once(() =>
  z
    .strictObject({
      host: z.string().regex(/^[0-9A-Za-z]([0-9A-Za-z.:-]{0,251}[0-9A-Za-z])?$/, 'is no name or address of a host'),
      port: z.int().min(1).max(65_535).default(3306),
      user: z.string().min(1).max(32).default('root'),
      /** A Secret of the namespace, whose key `password` holds it; its key `ca.crt`, whom certificates are trusted of. */
      passwordSecret: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'is no name of a Secret')
        .default('mysql'),
      /**
       * `PREFERRED`: TLS, where the server offers it; `REQUIRED`: TLS or nothing; `VERIFY_CA`: with a certificate of an authority in
       * `ca.crt`; `VERIFY_IDENTITY`: and one that names the host.
       */
      sslMode: z.enum(SSL_MODES).default('PREFERRED'),
    })
    .readonly(),
)
export type MysqlServer = z.infer<ReturnType<typeof mysqlServerSchema>>
