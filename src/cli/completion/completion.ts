import { type Complete, type Command as Completed, RootCommand } from '@bomb.sh/tab'
import type { Argument, Command, Option } from 'commander'
import { asWord } from '../as-word.ts'
import type { Shell } from './completion-command.ts'

/** Prints the script that a shell is to read. It calls this program as it was called now. */
export function printScript(program: Command, shell: Shell): void {
  const [node = '', file = ''] = process.argv
  const call = [node, ...process.execArgv, file].map(asWord).join(' ')
  completionsOf(program).setup(program.name(), call, shell)
}

/** Prints what may stand where the last of these words is. */
export function printCompletions(program: Command, words: readonly string[]): void {
  completionsOf(program).parse([...words])
}

function completionsOf(program: Command): RootCommand {
  const root = new RootCommand()
  addAll(root, program, [])
  return root
}

function addAll(root: RootCommand, command: Command, path: readonly string[]): void {
  const help = command.createHelp()
  const completed = path.length === 0 ? root : root.command(path.join(' '), command.description())
  for (const option of [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]) {
    addOption(completed, option)
  }
  for (const argument of command.registeredArguments) {
    completed.argument(argument.name(), choicesOf(argument), argument.variadic)
  }
  for (const each of help.visibleCommands(command)) {
    if (each.name() !== 'help') addAll(root, each, [...path, each.name()])
  }
}

function addOption(completed: Completed, option: Option): void {
  if (option.long === undefined) return
  const name = option.long.replace(/^--/, '')
  const short = option.short?.replace(/^-/, '')
  // Only an option with a handler is one with a value.
  if (option.required || option.optional) completed.option(name, option.description, choicesOf(option), short)
  else completed.option(name, option.description, short)
}

function choicesOf({ argChoices = [] }: Argument | Option): (complete: Complete) => void {
  return (complete) => {
    for (const choice of argChoices) complete(choice, '')
  }
}
