import type { MysqlAccount } from '../../images/tools/mysql/settings.ts'
import { kubectl, type WholeLab } from './lab.ts'

/** How MySQL in a namespace of the lab is reached from this machine: at its pod. */
export async function mysqlAccount(lab: WholeLab, namespace: string): Promise<MysqlAccount> {
  const inNamespace = ['--namespace', namespace, 'get']
  const selector = 'app.kubernetes.io/name=mysql'
  const host = await kubectl(
    lab,
    ...inNamespace,
    'pods',
    '--selector',
    selector,
    '--output=jsonpath={.items[0].status.podIP}',
  )
  const password = await kubectl(lab, ...inNamespace, 'secret', 'mysql', '--output=jsonpath={.data.password}')
  return {
    host,
    port: 3306,
    user: 'root',
    password: Buffer.from(password, 'base64').toString(),
    tls: { mode: 'PREFERRED' },
  }
}
