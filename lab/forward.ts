// A program: hands the connections that come in at one address on to another one. `node lab/forward.ts HOST:PORT HOST:PORT`
import { connect, createServer, type Socket } from 'node:net'

const [from = '', to = ''] = process.argv.slice(2)

function placeOf(address: string): { readonly host: string; readonly port: number } {
  const [host = '', port = ''] = address.split(':')
  return { host, port: Number(port) }
}

/** What one side says goes to the other, and where one ends or breaks, so does the other. */
function join(incoming: Socket, outgoing: Socket): void {
  incoming.pipe(outgoing).pipe(incoming)
  for (const [one, other] of [
    [incoming, outgoing],
    [outgoing, incoming],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

createServer((incoming) => join(incoming, connect(placeOf(to)))).listen(placeOf(from))
