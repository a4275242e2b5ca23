import { Command, Option } from 'commander'
import { execa } from 'execa'
import { administratorEnvironment } from './administrator-environment.ts'
import { labDown, labReset } from './down.ts'
import { followLog } from './follow-log.ts'
import { LabError } from './lab-error.ts'
import { CLUSTERS, type LabFile, readLab } from './lab-file.ts'
import { renderProgress } from './render-progress.ts'
import { shellExports } from './shell-exports.ts'
import { labStatus, partNames } from './status.ts'
import { formatStatus } from './status-table.ts'
import { labUp } from './up.ts'
import { workerEnvironment } from './worker-environment.ts'

const program = new Command('lab')
  .description('The real stack on one machine: Kubernetes, Temporal, an AWS stand-in, images')
  .enablePositionalOptions()

program
  .command('up')
  .description('bring the lab up; what runs already is left alone')
  .addOption(new Option('--cluster <which>', 'whose Kubernetes').choices(CLUSTERS).default('lab'))
  .action(async ({ cluster }: Pick<LabFile, 'cluster'>) => {
    const start = performance.now()
    const view = renderProgress()
    const lab = await labUp({ cluster, onProgress: view.onProgress }).finally(view.close)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`The lab is up (${seconds} s). Temporal's UI: ${lab.temporal.uiUrl}`)
    console.log(`kubectl: export KUBECONFIG=${lab.kubernetes.kubeconfig}  (or npm run lab -- kubectl …)`)
  })

program
  .command('status')
  .description('how each part is; exit code 1 unless all that was started runs')
  .action(async () => {
    const parts = await labStatus()
    console.log(formatStatus(parts))
    const started = parts.filter((part) => part.state !== 'not started')
    if (started.length === 0 || started.some((part) => part.state === 'died')) process.exitCode = 1
  })

program
  .command('down')
  .description('stop the lab; what it stored stays')
  .option('--force', "also another clone's", false)
  .action(async (options: { force: boolean }) => {
    await labDown(options)
    console.log('The lab is down.')
  })

program
  .command('reset')
  .description('stop the lab and remove all that it stored')
  .option('--force', "also another clone's", false)
  .action(async (options: { force: boolean }) => {
    await labReset(options)
    console.log('The lab is down, and nothing of it is left but the cache.')
  })

program
  .command('kubectl')
  .description('kubectl against the lab')
  .argument('[arguments...]')
  .allowUnknownOption()
  .passThroughOptions()
  .helpOption(false)
  .action(async (argumentList: string[]) => {
    const lab = await readLab()
    if (!lab) throw new LabError('The lab is not up: npm run lab -- up')
    const { kubeconfig, context } = lab.kubernetes
    const options = ['--kubeconfig', kubeconfig, '--context', context]
    const result = await execa(lab.tools.kubectl, [...options, ...argumentList], { stdio: 'inherit', reject: false })
    process.exitCode = result.exitCode ?? 1
  })

program
  .command('env')
  .description('what a shell needs to use the lab: eval "$(npm run lab -- env)"')
  .option('--administrator', "with the key of AWS's administrator, for `holdfast backups`", false)
  .action(async ({ administrator }: { administrator: boolean }) => {
    const lab = await readLab()
    if (!lab) throw new LabError('The lab is not up: npm run lab -- up')
    const variables = { ...workerEnvironment(lab), ...(administrator ? await administratorEnvironment(lab) : {}) }
    console.log(shellExports(variables, Object.values(lab.tools)))
  })

program
  .command('logs')
  .description('the log of a part')
  .addArgument(new Command().createArgument('<part>').choices(partNames))
  .option('-f, --follow', 'go on until interrupted', false)
  .action(followLog)

try {
  await program.parseAsync()
} catch (error) {
  // What a person can do something about is said in one line; anything else is a bug and keeps its stack trace.
  console.error(error instanceof LabError ? error.message : error)
  process.exitCode = 1
}
