import { homedir } from 'node:os'
import { join } from 'node:path'

/** The clone that this program runs from. */
export const repository = join(import.meta.dirname, '..')

/**
 * Where the running lab keeps everything that is not a cache. One for the machine: there is one lab on it at most. Who is not
 * root can only have Temporal alone, and has a folder of their own.
 */
export const stateDirectory = process.getuid?.() === 0 ? '/var/lib/holdfast-lab' : stateDirectoryOfUser()

/** A path in the lab's state folder. */
export function statePath(...segments: string[]): string {
  return join(stateDirectory, ...segments)
}

/** Where what is built and downloaded is kept, shared by all clones of one user. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'holdfast')
}

/** The files by which others reach the lab's Kubernetes and AWS. */
export const files = {
  lab: statePath('lab.json'),
  owner: statePath('owner.json'),
  lock: `${stateDirectory}.lock`,
  adminKubeconfig: statePath('kubeconfig'),
  awsAdminCredentials: statePath('aws', 'admin-credentials.json'),
  ca: statePath('pki', 'ca.crt'),
  networkBefore: statePath('network-before.json'),
}

function stateDirectoryOfUser(): string {
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'holdfast-lab')
}
