import { describe, expect, test } from '@jest/globals'
import { justEnvironment, type LabVariables } from '../../scripts/just/just-environment.ts'

const lab: LabVariables = {
  cluster: 'lab',
  variables: { KUBECONFIG: '/lab/kubeconfig', AWS_ENDPOINT_URL: 'https://lab' },
  folders: ['/lab/bin'],
}

describe('justEnvironment', () => {
  test('is of the lab, unless something else is said', () => {
    expect(justEnvironment({ shell: { PATH: '/bin' }, file: {}, lab })).toEqual({
      HOLDFAST_CLUSTER: 'lab',
      KUBECONFIG: '/lab/kubeconfig',
      AWS_ENDPOINT_URL: 'https://lab',
      HOLDFAST_LAB_VARIABLES: 'KUBECONFIG AWS_ENDPOINT_URL',
      PATH: '/lab/bin:/bin',
    })
  })

  test('has what is meant for the lab reach no other cluster that the shell or .env knows', () => {
    const shell = { KUBECONFIG: '/production' }
    const file = { AWS_ENDPOINT_URL: 'https://production', AWS_PROFILE: 'production' }
    const variables = justEnvironment({ shell, file, lab })
    expect(variables).toMatchObject({ KUBECONFIG: '/lab/kubeconfig', AWS_ENDPOINT_URL: 'https://lab' })
    expect(variables).not.toHaveProperty('AWS_PROFILE')
  })

  test('while the lab is down, says so by what is missing', () => {
    expect(justEnvironment({ shell: {}, file: {} })).toEqual({ HOLDFAST_CLUSTER: 'lab' })
  })

  test('has the shell count more than .env', () => {
    const file = { HOLDFAST_CLUSTER: 'current', AWS_PROFILE: 'of the file', AWS_REGION: 'eu-central-1' }
    expect(justEnvironment({ shell: { AWS_PROFILE: 'of the shell' }, file, lab })).toEqual({
      HOLDFAST_CLUSTER: 'current',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
    })
    expect(justEnvironment({ shell: { HOLDFAST_CLUSTER: 'lab' }, file, lab })).toMatchObject({
      HOLDFAST_CLUSTER: 'lab',
      KUBECONFIG: '/lab/kubeconfig',
    })
  })

  test('with another cluster, takes of the lab only what nobody else gives', () => {
    const temporal: LabVariables = {
      cluster: 'current',
      variables: { KUBECONFIG: '/home/kubeconfig', TEMPORAL_ADDRESS: '127.0.0.1:7233' },
      folders: [],
    }
    const shell = { HOLDFAST_CLUSTER: 'current', KUBECONFIG: '/mine' }
    const variables = justEnvironment({ shell, file: {}, lab: temporal })
    expect(variables).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:7233', HOLDFAST_LAB_VARIABLES: 'TEMPORAL_ADDRESS' })
    expect(variables).not.toHaveProperty('KUBECONFIG')
  })

  test('has the region under the name that AWS gave it first, too', () => {
    const file = { HOLDFAST_CLUSTER: 'current', AWS_REGION: 'eu-central-1' }
    const regionOf = (shell: Record<string, string>) => justEnvironment({ shell, file }).AWS_DEFAULT_REGION
    expect(regionOf({})).toBe('eu-central-1')
    // Where the shell names one, it is the shell's that counts: nothing is added to it.
    expect(regionOf({ AWS_DEFAULT_REGION: 'us-east-1' })).toBeUndefined()
    const variables = { AWS_REGION: 'of-the-lab' }
    const shell = { AWS_DEFAULT_REGION: 'us-east-1' }
    expect(justEnvironment({ shell, file: {}, lab: { ...lab, variables } }).AWS_DEFAULT_REGION).toBe('of-the-lab')
  })

  test('refuses a cluster that there is not', () => {
    expect(() => justEnvironment({ shell: { HOLDFAST_CLUSTER: 'eks' }, file: {} })).toThrow(
      'HOLDFAST_CLUSTER is eks: it has to be lab or current.',
    )
  })
})
