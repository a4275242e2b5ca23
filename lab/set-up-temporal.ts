import { homedir } from 'node:os'
import { join } from 'node:path'
import { temporalAddress, temporalUiUrl } from './addresses.ts'
import { LabError, messageOf } from './lab-error.ts'
import type { LabFile } from './lab-file.ts'
import { temporalPart } from './parts/temporal.ts'
import { createSteps, type LabProgress } from './progress.ts'
import { ensurePythonTools, type PythonTools } from './python-tools.ts'
import { run } from './run.ts'
import { registerSearchAttributes } from './search-attributes.ts'
import { ensurePart } from './supervise.ts'

/** Sets up Temporal alone, for a cluster that is there already: the one that kubectl's current context names. */
export async function setUpTemporal(onProgress: LabProgress): Promise<Omit<LabFile, 'version' | 'repository'>> {
  const { step, finished } = createSteps(onProgress)
  const context = step('Current context of kubectl', [], readCurrentContext)
  const python = step('Programs from PyPI', [], (_, log) => ensurePythonTools(log))
  const temporal = step('Temporal', [python], async ([tools]) => {
    await ensurePart(temporalPart(tools))
    await registerSearchAttributes()
  })
  await finished()
  await temporal
  return {
    cluster: 'current',
    kubernetes: await context,
    temporal: temporalOfLab,
    tools: { kubectl: 'kubectl', ...pathsOfTools(await python) },
  }
}

export const temporalOfLab: LabFile['temporal'] = {
  address: temporalAddress,
  namespace: 'default',
  uiUrl: temporalUiUrl,
}

/** The paths by which others find the programs from PyPI. */
export function pathsOfTools(tools: PythonTools): Omit<LabFile['tools'], 'kubectl'> {
  return {
    temporal: tools.path('temporal'),
    temporalTestServer: tools.path('temporal-test-server'),
    rclone: tools.path('rclone'),
    just: tools.path('just'),
  }
}

async function readCurrentContext(): Promise<LabFile['kubernetes']> {
  const context = await run(['kubectl', 'config', 'current-context']).catch((error: unknown) => {
    throw new LabError(`--cluster current needs kubectl and a current context of it. ${messageOf(error)}`)
  })
  const kubeconfig = process.env.KUBECONFIG ?? join(homedir(), '.kube', 'config')
  return { kubeconfig, context: context.trim() }
}
