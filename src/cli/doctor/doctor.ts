import { print, printJson, say } from '../print.ts'
import { diagnose } from './diagnose.ts'
import { type DoctorOptions, doctorRequestOf } from './doctor-options.ts'
import { findingLines, isHealthy, summaryLine } from './finding-lines.ts'

/** `holdfast doctor`: looks at what a pipeline needs, and prints what was found. Exit code 1 where something is wrong. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { output, taskQueue, fix = false } = options
  const request = doctorRequestOf(options)
  const findings = await diagnose(
    request,
    { taskQueue, fix },
    (finding) => {
      if (output === 'table') print(findingLines(finding))
    },
    say,
  )
  if (output === 'json') printJson({ healthy: isHealthy(findings), findings })
  else print(summaryLine(findings))
  if (!isHealthy(findings)) process.exitCode = 1
}
