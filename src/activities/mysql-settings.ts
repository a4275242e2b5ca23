import type { MysqlServer } from '../domain/mysql-server.ts'
import type { JobSettings } from '../kubernetes/job-manifest.ts'

/** How a Job reaches a MySQL. The namespace's own, where there is no server, is the one of the Job's manifest. */
export function mysqlSettings(server: MysqlServer | undefined): Pick<JobSettings, 'env' | 'passwordSecret'> {
  if (!server) return { env: {} }
  const { host, port, user, passwordSecret } = server
  return { env: { MYSQL_HOST: host, MYSQL_PORT: String(port), MYSQL_USER: user }, passwordSecret }
}
