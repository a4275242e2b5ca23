import { readFile, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { agentAddress, nodeAddress, podNetwork, temporalAddressForPods } from './addresses.ts'
import { files } from './paths.ts'
import { run } from './run.ts'
import { writeJson } from './write-file.ts'

const nftTable = 'holdfast-lab'

/** What the lab's programs set in the kernel (ip_forward: the lab and its CNI plugin; the others: kubelet and kube-proxy). */
const changedSettings = [
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/route_localnet',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
]

const beforeSchema = z.strictObject({
  bootId: z.string(),
  settings: z.record(z.string(), z.string()),
  addresses: z.array(z.string()),
})

type Before = z.infer<typeof beforeSchema>

/**
 * Gives the machine the lab's addresses, lets it forward packets and has pods speak to the world by its address. What was
 * there before is remembered for `restoreNetwork`.
 */
export async function prepareNetwork(): Promise<void> {
  const present = await addressesOfLoopback()
  await rememberBefore(present)
  for (const address of [nodeAddress, agentAddress]) {
    if (!present.includes(address)) await run(['ip', 'address', 'add', `${address}/32`, 'dev', 'lo'])
  }
  await writeSetting('net/ipv4/ip_forward', '1')
  await run(['nft', '--file', '-'], { input: packetRules() })
}

/** Takes back what `prepareNetwork` and the lab's programs changed. Does nothing where the lab changed nothing. */
export async function restoreNetwork(): Promise<void> {
  const before = await readBefore()
  if (before) {
    for (const [name, value] of Object.entries(before.settings)) await writeSetting(name, value)
    const present = await addressesOfLoopback()
    for (const address of [nodeAddress, agentAddress]) {
      const added = present.includes(address) && !before.addresses.includes(address)
      if (added) await run(['ip', 'address', 'delete', `${address}/32`, 'dev', 'lo'])
    }
  }
  await deleteTables()
  await rm(files.networkBefore, { force: true })
}

/**
 * The lab's own rules, replaced as a whole. Pods keep their addresses among themselves and on the way to the node. Temporal asks
 * nobody who they are, so other machines, which may find a way to the node's address, do not get to it.
 */
function packetRules(): string {
  const [address, port] = temporalAddressForPods.split(':')
  return `table ip ${nftTable}
delete table ip ${nftTable}
table ip ${nftTable} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${podNetwork} ip daddr != ${podNetwork} masquerade
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != "lo" ip saddr != ${podNetwork} ip daddr ${address} tcp dport ${port} drop
  }
}
`
}

/** The lab's rules and kube-proxy's. kube-proxy leaves its own behind when it ends, so that connections go on. */
async function deleteTables(): Promise<void> {
  const tables = (await run(['nft', 'list', 'tables']).catch(() => '')).split('\n')
  const ours = [`table ip ${nftTable}`, 'table ip kube-proxy', 'table ip6 kube-proxy']
  for (const table of ours.filter((name) => tables.includes(name))) {
    await run(['nft', 'delete', ...splitWords(table)])
  }
}

function splitWords(text: string): [string, ...string[]] {
  const [first = '', ...rest] = text.split(' ')
  return [first, ...rest]
}

async function rememberBefore(addresses: string[]): Promise<void> {
  const bootId = await readBootId()
  const known = await readBefore()
  if (known?.bootId === bootId) return
  const settings: Record<string, string> = {}
  for (const name of changedSettings) {
    const value = await readFile(`/proc/sys/${name}`, 'utf8').catch(() => undefined)
    if (value !== undefined) settings[name] = value.trim()
  }
  const before: Before = { bootId, settings, addresses }
  await writeJson(files.networkBefore, before)
}

async function readBefore(): Promise<Before | undefined> {
  const text = await readFile(files.networkBefore, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : beforeSchema.parse(JSON.parse(text))
}

const addressListSchema = z.array(z.object({ addr_info: z.array(z.object({ local: z.string() })) }))

async function addressesOfLoopback(): Promise<string[]> {
  const answer = await run(['ip', '-json', '-4', 'address', 'show', 'dev', 'lo'])
  return addressListSchema.parse(JSON.parse(answer)).flatMap((device) => device.addr_info.map((info) => info.local))
}

async function writeSetting(name: string, value: string): Promise<void> {
  await writeFile(`/proc/sys/${name}`, value)
}

async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
