import type { LabFile } from './lab-file.ts'

/** The environment variables with which a worker, Temporal's CLI and kubectl find the lab. */
export function workerEnvironment({ images, kubernetes, temporal }: LabFile): Record<string, string> {
  const names = images && {
    HOLDFAST_TOOLS_IMAGE: images.tools,
    HOLDFAST_TERRAFORM_IMAGE: images.terraform,
    HOLDFAST_MYSQL_IMAGE: images.mysql,
    // It has no MySQL Shell.
    HOLDFAST_ENGINE: 'mysqldump',
  }
  return { KUBECONFIG: kubernetes.kubeconfig, TEMPORAL_ADDRESS: temporal.address, ...names }
}
