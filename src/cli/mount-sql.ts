import { execa } from 'execa'
import type { LabFile } from '../../lab/lab-file.ts'
import { MAXIMUM_PARTS, partName, type SqlInput } from './sql-input.ts'

/** How the cluster is reached. */
export interface SqlTarget {
  readonly kubernetes: LabFile['kubernetes']
  readonly tools: Pick<LabFile['tools'], 'kubectl'>
}

/**
 * Puts the SQL file where the load's Job finds it, in place of what an earlier demo put there. A namespace that is there is
 * left as it is: the label on it would allow the clean-up to delete it, with all that somebody else keeps in it.
 *
 * @throws {Error} with what kubectl said
 */
export async function mountSql(target: SqlTarget, namespace: string, sql: SqlInput): Promise<void> {
  const kubectl = async (args: readonly string[], object?: object) => {
    const { kubeconfig, context } = target.kubernetes
    const input = object === undefined ? {} : { input: JSON.stringify(object) }
    const { stdout } = await execa(
      target.tools.kubectl,
      ['--kubeconfig', kubeconfig, '--context', context, ...args],
      input,
    )
    return stdout
  }
  const found = await kubectl(['get', 'namespace', namespace, '--ignore-not-found', '--output', 'name'])
  if (found === '') await kubectl(['create', '--filename', '-'], namespaceObject(namespace))
  const names = Array.from({ length: MAXIMUM_PARTS }, (_, index) => partName(index))
  await kubectl(['--namespace', namespace, 'delete', 'configmap', '--ignore-not-found', ...names])
  for (const object of sql.configMaps) await kubectl(['create', '--filename', '-'], object)
}

function namespaceObject(name: string): object {
  const labels = { 'app.kubernetes.io/managed-by': 'holdfast', 'pod-security.kubernetes.io/enforce': 'restricted' }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}
