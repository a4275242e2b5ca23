import { createHash } from 'node:crypto'
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { LabError } from '../lab-error.ts'

/** The Terraform that the lab and the images use; images/terraform/Dockerfile names it too. */
export const TERRAFORM_VERSION = '1.11.4'

const versionSchema = z.object({ terraform_version: z.string() })

/**
 * Finds Terraform of exactly {@link TERRAFORM_VERSION}: the one on PATH where it is that version, else one that was downloaded
 * before, else it is downloaded from HashiCorp's release site and its checksum compared.
 *
 * @param cacheDirectory Where a download is kept.
 * @returns the absolute path of the program.
 * @throws an error that says what could not be downloaded.
 */
export async function terraformBinary(cacheDirectory: string, log: (line: string) => void): Promise<string> {
  const onPath = await onPathOfThatVersion()
  if (onPath !== undefined) return onPath
  const cached = join(cacheDirectory, `terraform-${TERRAFORM_VERSION}`, 'terraform')
  const there = await access(cached).then(
    () => true,
    () => false,
  )
  if (!there) await download(cached, cacheDirectory, log)
  return cached
}

async function onPathOfThatVersion(): Promise<string | undefined> {
  const which = await execa('which', ['terraform'], { reject: false })
  if (which.failed) return undefined
  const program = which.stdout.trim()
  const version = await execa(program, ['version', '-json'], { reject: false, env: { CHECKPOINT_DISABLE: 'true' } })
  const parsed = version.failed ? undefined : versionSchema.safeParse(JSON.parse(version.stdout)).data
  return parsed?.terraform_version === TERRAFORM_VERSION ? program : undefined
}

async function download(target: string, cacheDirectory: string, log: (line: string) => void): Promise<void> {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const site = `https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION}`
  const name = `terraform_${TERRAFORM_VERSION}_linux_${architecture}.zip`
  log(`no Terraform ${TERRAFORM_VERSION} on PATH, downloading ${site}/${name}`)
  const archive = await fetchBytes(`${site}/${name}`)
  const sums = (await fetchBytes(`${site}/terraform_${TERRAFORM_VERSION}_SHA256SUMS`)).toString('utf8')
  const sum = createHash('sha256').update(archive).digest('hex')
  if (!sums.split('\n').includes(`${sum}  ${name}`)) {
    throw new LabError(
      `${site}/${name} is not what its SHA256SUMS says (got ${sum}). Try again, or put Terraform on PATH.`,
    )
  }
  await mkdir(cacheDirectory, { recursive: true })
  const folder = await mkdtemp(join(cacheDirectory, 'terraform-download-'))
  try {
    await writeFile(join(folder, name), archive)
    await execa('python3', ['-m', 'zipfile', '-e', join(folder, name), folder])
    await chmod(join(folder, 'terraform'), 0o755)
    await mkdir(join(target, '..'), { recursive: true })
    await rename(join(folder, 'terraform'), target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fetchBytes(url: string): Promise<Buffer> {
  const remedy = `Put Terraform ${TERRAFORM_VERSION} on PATH, or let this machine reach the address.`
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (cause) {
    throw new LabError(`cannot download ${url}: ${String(cause)}. ${remedy}`, { cause })
  }
}
