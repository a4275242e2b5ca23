// `holdfast report` without the rest of the command line: the program that a worker runs, also in its image, for report-maker.ts.
import { Command } from 'commander'
import { errorMessage } from '../cli/error-message.ts'
import { complain } from '../cli/print.ts'
import { addReportCommand } from '../cli/report/report-command.ts'

const program = new Command('holdfast').exitOverride()
addReportCommand(program)
try {
  await program.parseAsync(process.argv.slice(2), { from: 'user' })
} catch (error) {
  complain(errorMessage(error))
  process.exitCode = 1
}
