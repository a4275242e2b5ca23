import { searchAttributeOptions } from '../../src/domain/search-attributes.ts'
import { temporalAddress, temporalUiUrl } from '../addresses.ts'
import type { Part } from '../part.ts'
import { statePath } from '../paths.ts'
import { probeHttp } from '../probes.ts'
import type { PythonTools } from '../python-tools.ts'

/** Temporal's dev server with its web UI. Its database is a file, so workflows outlive it. */
export function temporalPart(tools: PythonTools): Part {
  return {
    name: 'temporal',
    command: [
      tools.path('temporal'),
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      '--port=7233',
      '--ui-port=8233',
      `--db-filename=${statePath('temporal.db')}`,
      '--log-level=warn',
      ...searchAttributeOptions(),
    ],
    address: temporalAddress,
    ports: ['tcp:127.0.0.1:7233', 'tcp:127.0.0.1:8233'],
    // The UI asks the server itself, so this answers only if both work and the namespace is there.
    probe: () => probeHttp(`${temporalUiUrl}/api/v1/namespaces/default`),
    readySeconds: 60,
    stopSeconds: 15,
  }
}
