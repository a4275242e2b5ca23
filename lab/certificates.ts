import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOf } from './hashes.ts'
import { statePath } from './paths.ts'
import { run } from './run.ts'

/** Whom a certificate names. `names` (of servers) are written as OpenSSL does: `DNS:kubernetes`, `IP:10.95.0.1`. */
export type CertificateRequest = { commonName: string; organization?: string; names?: readonly string[] }

/** The files of one certificate. */
export type Certificate = { certificate: string; key: string }

const days = '3650'
const keyOptions = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc']
const folder = statePath('pki')

/** The lab's own certificate authority, made once and kept until `reset`. */
export async function ensureAuthority(): Promise<Certificate> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files = filesOf('ca')
  return unlessMade(files, 'the authority', async () => {
    await run([
      'openssl', 'req', '-x509', ...keyOptions, '-days', days, '-subj', '/CN=holdfast lab authority',
      '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
      '-keyout', files.key, '-out', files.certificate,
    ]) // biome-ignore format: an option and its value belong on one line
  })
}

/** A certificate by the authority: for a server if it has names, and for a client in any case. Made anew if the request changed. */
export async function ensureCertificate(
  authority: Certificate,
  name: string,
  request: CertificateRequest,
): Promise<Certificate> {
  const files = filesOf(name)
  const signer = await readFile(authority.certificate, 'utf8')
  return unlessMade(files, hashOf(signer, JSON.stringify(request)), async () => {
    const subject = `${request.organization ? `/O=${request.organization}` : ''}/CN=${request.commonName}`
    const names = request.names ?? []
    const server = names.length > 0 ? ['-addext', `subjectAltName=${names.join(',')}`] : []
    await run([
      'openssl', 'req', '-x509', '-CA', authority.certificate, '-CAkey', authority.key, ...keyOptions, '-days', days,
      '-subj', subject, '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'keyUsage=critical,digitalSignature',
      '-addext', 'extendedKeyUsage=clientAuth,serverAuth', ...server, '-keyout', files.key, '-out', files.certificate,
    ]) // biome-ignore format: an option and its value belong on one line
  })
}

/** The pair of keys that signs and checks the tokens of service accounts. */
export async function ensureTokenKeys(): Promise<{ publicKey: string; privateKey: string }> {
  const files = { certificate: join(folder, 'service-account.pub'), key: join(folder, 'service-account.key') }
  await unlessMade(files, 'token keys', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(files.certificate, pair.publicKey.export({ type: 'spki', format: 'pem' }))
    await writeFile(files.key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  })
  return { publicKey: files.certificate, privateKey: files.key }
}

function filesOf(name: string): Certificate {
  return { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
}

/** A mark beside the key, written last, tells for what request the files were made. */
async function unlessMade(files: Certificate, request: string, make: () => Promise<void>): Promise<Certificate> {
  const mark = `${files.key}.made-for`
  const madeFor = await readFile(mark, 'utf8').catch(() => undefined)
  if (madeFor === request) return files
  await rm(mark, { force: true })
  await make()
  await chmod(files.key, 0o600)
  await writeFile(mark, request)
  return files
}
