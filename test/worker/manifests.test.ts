import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { repository } from '../../lab/paths.ts'
import { readConfig } from '../../src/config.ts'
import { theLab } from '../support/lab.ts'

/** What ends a worker whatever hangs: src/worker/run-worker.ts. */
const STOP_SECONDS = 25

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string() })).optional(),
})
type Built = z.infer<typeof objectSchema>

const deploymentSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.object({
            image: z.string(),
            envFrom: z.tuple([z.object({ configMapRef: z.object({ name: z.string() }) }), z.unknown()]),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
          }),
        ]),
      }),
    }),
  }),
})

const configMapSchema = z.object({ data: z.record(z.string(), z.string()) })

/** What `kubectl apply --kustomize` would apply. */
async function build(path: string): Promise<readonly Built[]> {
  const { tools } = await theLab()
  const { stdout } = await execa(tools.kubectl, ['kustomize', join(repository, 'manifests', path)])
  return parseAllDocuments(stdout).map((document) => objectSchema.parse(document.toJS()))
}

function only(objects: readonly Built[], kind: string, start: string): Built {
  const [found, ...others] = objects.filter((each) => each.kind === kind && each.metadata.name.startsWith(start))
  if (!found || others.length > 0) throw new Error(`There is not one ${kind} ${start}.`)
  return found
}

/** The environment that a built worker's pods get, control namespace included. */
function environmentOf(objects: readonly Built[], controlNamespace: string): Record<string, string> {
  const { spec } = deploymentSchema.parse(only(objects, 'Deployment', 'holdfast-worker'))
  const [container] = spec.template.spec.containers
  const { data } = configMapSchema.parse(only(objects, 'ConfigMap', container.envFrom[0].configMapRef.name))
  return { ...data, HOLDFAST_CONTROL_NAMESPACE: controlNamespace }
}

test('the worker on EKS starts with the settings that it is given, and has the time that it takes to end', async () => {
  const objects = await build('worker/overlays/eks')
  const config = readConfig(environmentOf(objects, 'holdfast'))
  expect(config).toMatchObject({ taskQueue: 'holdfast', pipelineNamespaces: ['s3-test'] })
  const { spec } = deploymentSchema.parse(only(objects, 'Deployment', 'holdfast-worker'))
  const [{ ports, image }] = spec.template.spec.containers
  expect(ports).toContainEqual({ name: 'health', containerPort: config.healthPort })
  expect(image).toMatch(/:\d+\.\d+\.\d+$/)
  expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(STOP_SECONDS)
})

test("a tenant has everything in namespaces of its own, and nobody else's account has rights there", async () => {
  const objects = [...(await build('tenant')), ...(await build('tenant/pipelines'))]
  const spaces = new Set(objects.map(({ metadata }) => metadata.namespace))
  expect(spaces).toEqual(new Set([undefined, 'shop-backups', 'shop']))
  expect(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual([
    'shop-backups',
  ])
  const subjects = objects.flatMap(({ subjects = [] }) => subjects)
  expect(subjects).toHaveLength(4)
  expect(new Set(subjects.map(({ namespace }) => namespace))).toEqual(new Set(['shop-backups']))
  const bindings = objects.filter(({ kind }) => kind === 'ClusterRoleBinding')
  expect(bindings.map(({ metadata }) => metadata.name)).toEqual(['holdfast-worker-shop'])
  const config = readConfig(environmentOf(objects, 'shop-backups'))
  expect(config).toMatchObject({ taskQueue: 'shop', pipelineNamespaces: ['shop'] })
})
