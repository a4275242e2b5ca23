import { delimiter } from 'node:path'
import type { LabFile } from '../../lab/lab-file.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What the lab of this machine gives, as far as it is up. */
export interface LabVariables {
  /** `lab`: a Kubernetes and an AWS of its own. `current`: Temporal alone. `compose` is not for recipes. */
  readonly cluster: LabFile['cluster']
  readonly variables: Readonly<Record<string, string>>
  /** Folders of its programs. */
  readonly folders: readonly string[]
}

export interface JustSources {
  /** Of the shell. */
  readonly shell: Variables
  /** Of `.env`. */
  readonly file: Variables
  /** Absent: it is not up. */
  readonly lab?: LabVariables | undefined
}

const CLUSTERS = ['lab', 'current']

/** Who one is for AWS. In the lab that is its administrator, by a key. */
const PROFILE = 'AWS_PROFILE'

/**
 * The variables that recipes, and `just -c`, get besides those of the shell; just lets them count more.
 *
 * - The shell counts more than `.env`.
 * - With the lab's own cluster, the lab counts more than both: a command that is meant for it must never reach another one because the
 *   shell knows that.
 * - With another cluster, the lab gives only what nobody else does: where its Temporal is.
 *
 * @throws {Error} for a `HOLDFAST_CLUSTER` that there is not
 */
export function justEnvironment(sources: JustSources): Record<string, string> {
  const shell = withDefaultRegion(sources.shell)
  const file = withDefaultRegion(sources.file)
  const { lab } = sources
  const cluster = shell.HOLDFAST_CLUSTER ?? file.HOLDFAST_CLUSTER ?? 'lab'
  if (!CLUSTERS.includes(cluster)) throw new Error(`HOLDFAST_CLUSTER is ${cluster}: it has to be lab or current.`)
  const isLab = cluster === 'lab'
  const fromFile = given(file, (name) => shell[name] === undefined && !(isLab && name === PROFILE))
  const both = { ...fromFile, HOLDFAST_CLUSTER: cluster }
  if (lab?.cluster !== cluster) return both
  const path = [...lab.folders, shell.PATH ?? ''].join(delimiter)
  const fromLab = given(withDefaultRegion(lab.variables), (name) => isLab || (shell[name] ?? file[name]) === undefined)
  return { ...both, ...fromLab, PATH: path, HOLDFAST_LAB_VARIABLES: Object.keys(fromLab).join(' ') }
}

/** Version 1 of AWS's command line, as PyPI has it, knows the region by no other name than this one. */
function withDefaultRegion(variables: Variables): Variables {
  return { AWS_DEFAULT_REGION: variables.AWS_REGION, ...variables }
}

function given(variables: Variables, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && wanted(name) ? [[name, value] as const] : [],
    ),
  )
}

/** A line of a file as `.env`, which just reads back as the same value. */
export function dotenvLine(name: string, value: string): string {
  if (!value.includes("'")) return `${name}='${value}'`
  const escaped = value.replaceAll(/["\\$]/g, (character) => `\\${character}`).replaceAll('\n', '\\n')
  return `${name}="${escaped}"`
}
