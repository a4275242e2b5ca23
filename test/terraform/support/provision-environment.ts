import { podEnvironment } from '../../lab/aws/support/pod-environment.ts'
import type { StandIn } from '../../lab/aws/support/stand-in.ts'

/** The environment of the provision step's Job. */
export async function provisionEnvironment(aws: StandIn): Promise<Record<string, string>> {
  return {
    ...(await podEnvironment(aws, 'holdfast/holdfast-provision')),
    TF_VAR_cluster_name: 'holdfast-lab',
    TF_VAR_s3_use_path_style: 'true',
  }
}
