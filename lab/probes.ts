import { readFile } from 'node:fs/promises'
import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'

/** Whom to believe: the lab's authority, or, on the loopback alone, a certificate that a program made for itself. */
type Trust = { caFile: string } | 'self-signed on loopback'

/**
 * Asks a program whether it works.
 *
 * @throws if it cannot be reached within two seconds or does not answer 200
 */
export async function probeHttp(url: string, trust?: Trust): Promise<void> {
  const options = { timeout: 2000, agent: false as const, ...(await tlsOptions(trust)) }
  const get = url.startsWith('https:') ? httpsGet : httpGet
  await new Promise<void>((resolve, reject) => {
    const request = get(url, options, (response) => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`${url} answers ${response.statusCode}`))
    })
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)))
    request.on('error', reject)
  })
}

async function tlsOptions(trust: Trust | undefined) {
  if (trust === undefined) return {}
  if (trust === 'self-signed on loopback') return { rejectUnauthorized: false }
  return { ca: await readFile(trust.caFile) }
}

/**
 * Asks whether anybody takes connections at an address.
 *
 * @throws if nobody does within two seconds
 */
export async function probeTcp(address: string): Promise<void> {
  const [host = '', port = ''] = address.split(':')
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: 2000 }, () => {
      socket.destroy()
      resolve()
    })
    socket.on('timeout', () => socket.destroy(new Error(`${address} does not answer`)))
    socket.on('error', reject)
  })
}
