import type { Command } from 'commander'
import { buildProgram } from '../src/cli/program.ts'
import { SETTINGS } from '../src/cli/settings/settings-schema.ts'

/** Of the lines of help texts, in characters. */
const WIDTH = 110

/** docs/reference/cli.md: what `--help` says of each command, and what a settings file may hold. */
export function cliReference(): string {
  return [
    '# Reference of the command line',
    'Written by `npm run schemas` from the code. What the commands are for: [docs/cli.md](../cli.md).',
    ...withAllBelow(buildProgram()).map(section),
    '## holdfast.yaml',
    'JSON Schema: [holdfast.schema.json](holdfast.schema.json). An environment variable that is set counts more than the file, an option more than both.',
    settingsTable(),
    '',
  ].join('\n\n')
}

function withAllBelow(command: Command): Command[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
  return [command, ...below.flatMap(withAllBelow)]
}

function section(command: Command): string {
  return `## ${pathOf(command)}\n\n\`\`\`\n${helpOf(command).trim()}\n\`\`\``
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

/** As a person sees it, with the examples, but for the options that all commands have. */
function helpOf(command: Command): string {
  const text: string[] = []
  command.configureHelp({ showGlobalOptions: false })
  command.configureOutput({ writeOut: (each) => text.push(each), getOutHelpWidth: () => WIDTH })
  command.outputHelp()
  return text.join('')
}

function settingsTable(): string {
  const rows = SETTINGS.map(({ section, key, variable, description }) => {
    const path = section ? `${section}.${key}` : key
    return `| \`${path}\` | \`${variable}\` | ${description.replaceAll('|', '\\|')} |`
  })
  return ['| key | environment variable | what it is |', '|---|---|---|', ...rows].join('\n')
}
