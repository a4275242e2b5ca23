import { join } from 'node:path'
import { temporalAddress, temporalAddressForPods } from '../addresses.ts'
import type { Part } from '../part.ts'
import { repository } from '../paths.ts'
import { probeTcp } from '../probes.ts'

/**
 * Temporal at the address of the node, for workers in pods. Its dev server listens at one address only, which stays the one that
 * everybody else on the machine knows. Who is let in, the packet rules say (network.ts).
 */
export function temporalForPodsPart(): Part {
  return {
    name: 'temporal-for-pods',
    command: [process.execPath, join(repository, 'lab/forward.ts'), temporalAddressForPods, temporalAddress],
    address: temporalAddressForPods,
    ports: [`tcp:${temporalAddressForPods}`],
    probe: () => probeTcp(temporalAddressForPods),
    readySeconds: 30,
    stopSeconds: 2,
  }
}
