import { type MysqlServer, mysqlServerSchema } from '../domain/mysql-server.ts'
import type { JobSettings } from '../kubernetes/job-manifest.ts'

/** How a Job reaches a MySQL. The namespace's own, where there is no server, is the one of the Job's manifest. */
export function mysqlSettings(server: MysqlServer | undefined): Pick<JobSettings, 'env' | 'passwordSecret'> {
  if (!server) return { env: {} }
  // What a worker of before has asked for knows no mode.
  const { host, port, user, passwordSecret, sslMode } = mysqlServerSchema().parse(server)
  const env = { MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_USER: user, MYSQL_SSL_MODE: sslMode }
  return { env, passwordSecret }
}
