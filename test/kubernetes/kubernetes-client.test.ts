import { expect, test } from '@jest/globals'
import { HttpMethod, RequestContext } from '@kubernetes/client-node'
import { connectKubernetes } from '../../src/kubernetes/kubernetes-client.ts'

/** What the connections of one request are taken from. */
async function poolOf({ config }: ReturnType<typeof connectKubernetes>): Promise<unknown> {
  const context = new RequestContext('https://kubernetes.example/api', HttpMethod.GET)
  await config.applySecurityAuthentication(context)
  return context.getDispatcher()
}

test('requests share connections', async () => {
  const kubernetes = connectKubernetes()
  const pool = await poolOf(kubernetes)
  expect(pool).toBeDefined()
  expect(await poolOf(kubernetes)).toBe(pool)
})

test('a certificate that was renewed has connections of its own', async () => {
  const kubernetes = connectKubernetes()
  const pool = await poolOf(kubernetes)
  const { users } = kubernetes.config
  kubernetes.config.users = users.map((user) => ({ ...user, certData: Buffer.from('renewed').toString('base64') }))
  expect(await poolOf(kubernetes)).not.toBe(pool)
})
