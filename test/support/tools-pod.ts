import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { execa } from 'execa'
import { PROGRAM_OPTIONS } from '../../scripts/bundle-steps.ts'
import { loadJobManifest } from '../../src/kubernetes/job-manifest.ts'
import { kubectl, type WholeLab } from './lab.ts'

const START_SECONDS = 60

/** A pod like that of a step, in which a test runs programs of its own beside MySQL. */
export class ToolsPod {
  readonly #lab: WholeLab
  readonly #namespace: string
  readonly #name: string

  private constructor(lab: WholeLab, namespace: string, name: string) {
    this.#lab = lab
    this.#namespace = namespace
    this.#name = name
  }

  /** @param manifest of the step, in manifests/jobs/ without `.yaml` */
  static async start(lab: WholeLab, namespace: string, name: string, manifest = 'verify'): Promise<ToolsPod> {
    const { spec } = await loadJobManifest(manifest)
    const [container] = spec?.template.spec?.containers ?? []
    if (!spec || !container) throw new Error(`The manifest ${manifest} has no container.`)
    const image = lab.images.tools
    const containers = [{ ...container, image, command: ['sleep', 'infinity'], terminationMessagePolicy: 'File' }]
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { ...spec.template.spec, containers },
    }
    const pods = new ToolsPod(lab, namespace, name)
    await pods.#kubectl(['create', '--filename', '-'], JSON.stringify(pod))
    await pods.#kubectl(['wait', `pod/${name}`, '--for=condition=Ready', `--timeout=${START_SECONDS}s`])
    return pods
  }

  /** Starts a command, which ends with the pod at the latest, and waits until it prints a line. */
  async startCommand(command: readonly string[], expectedLine: string): Promise<void> {
    const running = this.#exec([], command)
    const started = new Promise<void>((resolve) => {
      createInterface(running.stdout).on('line', (line) => {
        if (line === expectedLine) resolve()
      })
    })
    // It fails when the pod is removed, which is how it ends.
    const ended = running.then(() => {
      throw new Error(`${command.join(' ')} ended before it said: ${expectedLine}`)
    })
    await Promise.race([started, ended])
  }

  /** Runs a command to its end. @returns what it printed */
  async run(command: readonly string[]): Promise<string> {
    const { stdout } = await this.#exec([], command)
    return stdout
  }

  /** Runs a program of this repository, bundled, and calls back for each line that it prints. */
  async runProgram(
    file: string,
    environment: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): Promise<void> {
    const { outputFiles } = await build({ ...PROGRAM_OPTIONS, entryPoints: [file], write: false })
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    const command = ['env', ...variables, 'node', '--input-type=module', '-']
    const program = this.#exec(['--stdin'], command, outputFiles[0]?.text)
    createInterface(program.stdout).on('line', onLine)
    await program
  }

  async remove(): Promise<void> {
    await kubectl(this.#lab, '--namespace', this.#namespace, 'delete', 'pod', this.#name, '--grace-period=0', '--force')
  }

  #exec(options: readonly string[], command: readonly string[], input = '') {
    return this.#kubectl(['exec', ...options, this.#name, '--', ...command], input)
  }

  #kubectl(args: readonly string[], input = '') {
    const { tools, kubernetes } = this.#lab
    return execa(tools.kubectl, ['--kubeconfig', kubernetes.kubeconfig, '--namespace', this.#namespace, ...args], {
      input,
    })
  }
}
