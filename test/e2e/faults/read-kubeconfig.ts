import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import type { WholeLab } from '../../support/lab.ts'

const kubeconfigSchema = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ server: z.url() }) })]),
  users: z.tuple([z.object({ user: z.record(z.string(), z.string()) })]),
})

/** Where the lab's Kubernetes is, as host:port, and as whom its kubeconfig speaks to it. */
export async function readKubeconfig(lab: WholeLab): Promise<{ server: string; user: Record<string, string> }> {
  const { clusters, users } = kubeconfigSchema.parse(parse(await readFile(lab.kubernetes.kubeconfig, 'utf8')))
  return { server: new URL(clusters[0].cluster.server).host, user: users[0].user }
}
