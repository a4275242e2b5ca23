import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { LabError } from './lab-error.ts'

type Socket = { protocol: string; address: string; port: number; inode: string }

/** A program that was killed may hold its ports a little longer than it is seen to live. */
const releaseMilliseconds = 3000

/**
 * Checks that nobody listens where a part wants to.
 *
 * @param ports as `tcp:ADDRESS:PORT` or `udp:ADDRESS:PORT`
 * @throws LabError naming the port, the part that needs it, and the program that has it
 */
export async function assertPortsFree(part: string, ports: readonly string[]): Promise<void> {
  const deadline = Date.now() + releaseMilliseconds
  for (;;) {
    const taken = await findTaken(ports)
    if (!taken) return
    if (taken.owner === undefined && Date.now() < deadline) {
      await delay(50)
      continue
    }
    const owner = taken.owner ?? 'another program'
    throw new LabError(
      `Port ${taken.port}, which ${part} needs, is taken by ${owner}. Stop that program, then try again.`,
    )
  }
}

async function findTaken(ports: readonly string[]): Promise<{ port: string; owner: string | undefined } | undefined> {
  if (ports.length === 0) return undefined
  const sockets = await listeningSockets()
  for (const wanted of ports) {
    const [protocol = '', address = '', port = ''] = wanted.split(':')
    const taken = sockets.find(
      (socket) =>
        socket.protocol === protocol &&
        socket.port === Number(port) &&
        (socket.address === address || socket.address === 'any'),
    )
    if (taken) return { port: `${address}:${port} (${protocol})`, owner: await ownerOf(taken.inode) }
  }
  return undefined
}

async function listeningSockets(): Promise<Socket[]> {
  const tables = ['tcp', 'tcp6', 'udp', 'udp6']
  const read = tables.map(async (table) => {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')
    return parseSockets(table.slice(0, 3), text)
  })
  return (await Promise.all(read)).flat()
}

/** Reads one of the kernel's socket tables; of TCP only the sockets that listen. */
export function parseSockets(protocol: string, table: string): Socket[] {
  return table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => protocol !== 'tcp' || fields[3] === '0A')
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':')
      return { protocol, address: readableAddress(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }
    })
}

/** The kernel prints an IPv4 address as the bytes of a number in the machine's order, which is the reverse. */
function readableAddress(hexadecimal: string): string {
  if (/^0+$/.test(hexadecimal)) return 'any'
  if (hexadecimal.length !== 8) return hexadecimal
  return [6, 4, 2, 0].map((at) => Number.parseInt(hexadecimal.slice(at, at + 2), 16)).join('.')
}

async function ownerOf(inode: string): Promise<string | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
      if (target !== `socket:[${inode}]`) continue
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program')
      return `${name.trim()} (process ${pid})`
    }
  }
  return undefined
}
