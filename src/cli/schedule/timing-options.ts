import { type Command, Option } from 'commander'

/** When a schedule is due. */
export interface TimingOptions {
  readonly cron?: readonly string[]
  /** As `02:00`. */
  readonly at?: readonly string[]
  /** As `mon-fri`, `sat,sun` or `1,15`. */
  readonly on?: string
  readonly timeZone?: string
  readonly jitter?: string
}

/** Adds the options that say when a schedule is due. */
export function timingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--cron <expression>', "when, as in '0 2 * * *'; may be repeated")
        .argParser(collect)
        .conflicts(['at', 'on']),
    )
    .addOption(new Option('--at <time>', 'when, as in 02:00; may be repeated').argParser(collect))
    .option('--on <days>', 'on which days only, as in mon-fri, or sat,sun, or 1,15 of each month; needs --at')
    .option('--time-zone <name>', 'in which these times are, as in Europe/Berlin; UTC unless said otherwise')
    .option('--jitter <duration>', 'begin at random up to so much later, as in 10m')
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}
