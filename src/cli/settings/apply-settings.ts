import type { Command } from 'commander'
import { readSettings, type SettingValues } from './read-settings.ts'

/** Begins the variables that options stand for. Others are read by the SDKs of Temporal and AWS. */
const OF_OPTIONS = 'HOLDFAST_'

/**
 * Gives the options of a command, and of those below it, the values of the settings file: they count more than an option's default, and
 * less than an environment variable or what is typed. What the SDKs read becomes an environment variable where it is not one.
 *
 * @throws {InputError} where the file is wrong
 */
export async function applySettings(program: Command, command: Command): Promise<void> {
  const values = await readSettings(program.opts<{ config?: string }>().config)
  for (const each of [program, ...withAllBelow(command)]) applyTo(each, values)
  for (const [variable, value] of values) {
    if (!variable.startsWith(OF_OPTIONS)) process.env[variable] ??= String(value)
  }
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)]
}

function applyTo(command: Command, values: SettingValues): void {
  for (const option of command.options) {
    const value = option.envVar === undefined ? undefined : values.get(option.envVar)
    const name = option.attributeName()
    if (value !== undefined && isOpen(command, name)) command.setOptionValueWithSource(name, value, 'config')
  }
}

/** Whether nobody has said otherwise. The program's own options are read before its settings are. */
function isOpen(command: Command, name: string): boolean {
  const source = command.getOptionValueSource(name)
  return source === undefined || source === 'default'
}
