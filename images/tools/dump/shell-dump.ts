import { join } from 'node:path'
import { ChildError } from '../job/children.ts'
import type { StepContext } from '../job/run-step.ts'
import { StepError } from '../job/step-error.ts'
import type { MysqlAccount } from '../mysql/settings.ts'
import { runShell } from '../mysqlsh/run-shell.ts'
import { dumpCall } from '../mysqlsh/shell-calls.ts'
import { adoptShellFiles, folderBytes, readShellDump, type ShellPosition } from '../mysqlsh/shell-files.ts'
import type { DumpFile } from './dump-manifest.ts'
import type { RowsPlan, TableOfSchema } from './plan-rows.ts'

/** What MySQL Shell is to dump, and where to. */
export interface ShellDumpOrder {
  readonly account: MysqlAccount
  /** Of the dump of which it becomes a part. */
  readonly folder: string
  readonly tables: readonly TableOfSchema[]
  /** Tables of the same schemas that it is to leave out. */
  readonly others: readonly TableOfSchema[]
  readonly threads: number
  /** The script that it runs. */
  readonly script: string
}

/** What MySQL Shell has dumped. */
export interface ShellDump {
  readonly files: readonly DumpFile[]
  readonly position: ShellPosition
}

/**
 * Which tables MySQL Shell dumps: all but those whose rows it would change, as mysqldump would: it has the server print FLOAT columns,
 * too.
 */
export function tablesForShell({ snapshot, locked }: RowsPlan): Pick<ShellDumpOrder, 'tables' | 'others'> {
  const exact = [...snapshot.exactFiles, ...locked.exactFiles]
  const isExact = ({ schema, name }: TableOfSchema) =>
    exact.some((file) => file.schema === schema && file.tables.includes(name))
  const all = [...snapshot.tables, ...locked.tables]
  const tables = all.filter((table) => !isExact(table))
  const others = all.filter((table) => isExact(table) && tables.some(({ schema }) => schema === table.schema))
  return { tables, others }
}

/** Dumps rows by MySQL Shell. @param statement that its session runs first @throws {StepError} `DumpFailed` and others */
export async function dumpByShell(order: ShellDumpOrder, statement: string, context: StepContext): Promise<ShellDump> {
  const { account, tables, others, threads, script } = order
  const folder = shellFolder(order.folder)
  const call = dumpCall(folder, tables, others, threads)
  await runShell(account, { call, statements: [statement], script }, context).catch((error: unknown) => {
    throw error instanceof ChildError ? dumpFailed(error) : error
  })
  const { names, position } = await readShellDump(folder)
  return { files: await adoptShellFiles(folder, order.folder, names), position }
}

/** Bytes that MySQL Shell has written so far. */
export async function bytesByShell(folder: string): Promise<number> {
  return await folderBytes(shellFolder(folder))
}

/** It wants a folder that is empty. */
function shellFolder(folder: string): string {
  return join(folder, 'mysqlsh')
}

function dumpFailed(cause: ChildError): StepError {
  return new StepError({
    type: 'DumpFailed',
    message: `${cause.message}.`,
    remedy: 'See what it printed in the log of the pod.',
    retryable: true,
    cause,
  })
}
