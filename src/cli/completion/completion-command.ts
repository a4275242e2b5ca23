import type { Command } from 'commander'
import { examples } from '../examples.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** Adds `completion`, and `complete`, which what it prints asks at each press of the Tab key. */
export function addCompletionCommands(program: Command): void {
  program
    .command('completion')
    .description('Prints what has a shell complete commands and options.')
    .addArgument(program.createArgument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'completion bash > ~/.local/share/bash-completion/completions/holdfast',
        'completion zsh',
        'completion fish',
      ),
    )
    .action(async (shell: Shell) => (await import('./completion.ts')).printScript(program, shell))
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => (await import('./completion.ts')).printCompletions(program, words))
}
