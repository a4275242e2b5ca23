import type { Command } from 'commander'
import { buildProgram } from '../../../src/cli/program.ts'

/** The command of these names. */
export function commandOf(program: Command, path: readonly string[]): Command {
  return path.reduce((command, name) => {
    const found = command.commands.find((each) => each.name() === name)
    if (!found) throw new Error(`There is no command ${path.join(' ')}.`)
    return found
  }, program)
}

/** A command, and all that are below it. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}

/** What a command is given as its options when it is typed like this. It is not run. */
export async function optionsOf(path: readonly string[], words: readonly string[]): Promise<Record<string, unknown>> {
  const program = buildProgram()
  const command = commandOf(program, path)
  let options: Record<string, unknown> = {}
  command.action(() => {
    options = { ...program.opts(), ...command.opts() }
  })
  await program.parseAsync([...path, ...words], { from: 'user' })
  return options
}
