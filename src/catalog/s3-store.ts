import { readFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import type { Readable } from 'node:stream'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'

const MOST_CONNECTIONS = 50
/** Of one request (S3: DeleteObjects). */
const MOST_KEYS = 1000
/** How many a message names. */
const SAID_REFUSALS = 3

/** An object of a listing. */
export interface StoredObject {
  readonly key: string
  readonly bytes: number
  readonly modifiedAt: Date
}

/** What keeps an object from being deleted where the bucket has Object Lock. */
export interface ObjectLock {
  /** When its retention ends, or has ended; null where it has none. */
  readonly retainedUntil: Date | null
  /** Whether somebody holds it, until it is released: S3's legal hold. */
  readonly isHeld: boolean
}

/** What the catalog asks of a bucket. */
export interface Store {
  /** All objects whose keys begin so, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>
  /**
   * All keys that begin and end so, in their order: of many objects much sooner than by {@link list}, and with less garbage. A key in
   * which the end is followed by more is taken for one that ends there.
   */
  listKeys(prefix: string, suffix: string): AsyncIterable<string>
  /** @returns undefined where there is no such object */
  readText(key: string): Promise<string | undefined>
  read(key: string): Promise<Readable | undefined>
  /** @returns false where there is one of that name already: it stays as it is */
  create(key: string, text: string): Promise<boolean>
  /**
   * Deletes objects; those that are not there count as deleted.
   *
   * @throws {DeletionRefusedError} naming those that S3 does not let go
   */
  delete(keys: readonly string[]): Promise<void>
  /**
   * S3 tells it only to those who have the rights s3:GetObjectRetention and s3:GetObjectLegalHold; to others, nothing is locked.
   *
   * @returns undefined where there is no such object
   */
  readLock(key: string): Promise<ObjectLock | undefined>
  /** False where the bucket is known to have no Object Lock, so that none of its objects has to be asked for its own. */
  mayLock(): Promise<boolean>
  /** Holds an object, or releases it. @throws {ObjectLockMissingError} where the bucket has no Object Lock */
  setLegalHold(key: string, status: LegalHoldStatus): Promise<void>
}

export type LegalHoldStatus = 'ON' | 'OFF'

/** Objects were not deleted, since S3 did not let them go or what locks them was respected. */
export class DeletionRefusedError extends Error {
  override readonly name = 'DeletionRefusedError'
}

/** Nothing can be held in a bucket that has no Object Lock. */
export class ObjectLockMissingError extends Error {
  override readonly name = 'ObjectLockMissingError'
}

/** A bucket of S3. */
export class S3Store implements Store {
  readonly bucket: string
  readonly #s3: S3Client

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3
    this.bucket = bucket
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const pages = paginateListObjectsV2({ client: this.#s3 }, { Bucket: this.bucket, Prefix: prefix })
    for await (const { Contents = [] } of pages) {
      for (const { Key: key, Size: bytes = 0, LastModified: modifiedAt = new Date(0) } of Contents) {
        if (key !== undefined) yield { key, bytes, modifiedAt }
      }
    }
  }

  async *listKeys(prefix: string, suffix: string): AsyncGenerator<string> {
    // S3 puts keys together that are equal up to the first delimiter, and tells of these nothing but that beginning. With the end of
    // the keys for a delimiter, each is told so by itself.
    const request = { Bucket: this.bucket, Prefix: prefix, Delimiter: suffix }
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.#s3 }, request)) {
      for (const { Prefix: key } of CommonPrefixes) if (key !== undefined) yield key
    }
  }

  async readText(key: string): Promise<string | undefined> {
    const body = await this.#get(key)
    return await body?.transformToString()
  }

  async read(key: string): Promise<Readable | undefined> {
    const body = await this.#get(key)
    // In Node it is a stream of Node's.
    return body as Readable | undefined
  }

  async create(key: string, text: string): Promise<boolean> {
    const object = { Bucket: this.bucket, Key: key, Body: text, ContentType: 'application/json' }
    try {
      await this.#s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }))
      return true
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false
      throw error
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MOST_KEYS) {
      const Objects = keys.slice(start, start + MOST_KEYS).map((Key) => ({ Key }))
      const request = new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } })
      const { Errors = [] } = await this.#s3.send(request)
      if (Errors.length > 0) throw deletionRefused(Errors)
    }
  }

  async readLock(key: string): Promise<ObjectLock | undefined> {
    try {
      const head = await this.#s3.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }))
      return { retainedUntil: head.ObjectLockRetainUntilDate ?? null, isHeld: head.ObjectLockLegalHoldStatus === 'ON' }
    } catch (error) {
      if (error instanceof NotFound) return undefined
      throw error
    }
  }

  async mayLock(): Promise<boolean> {
    try {
      await this.#s3.send(new GetObjectLockConfigurationCommand({ Bucket: this.bucket }))
      return true
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error
      if (error.name === 'ObjectLockConfigurationNotFoundError') return false
      // Who may not know it of the bucket may know it of its objects.
      if (error.name === 'AccessDenied') return true
      throw error
    }
  }

  async setLegalHold(key: string, status: LegalHoldStatus): Promise<void> {
    const object = { Bucket: this.bucket, Key: key }
    try {
      await this.#s3.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: status } }))
    } catch (error) {
      // S3 has no code of its own for it.
      const isMissing = error instanceof S3ServiceException && /missing Object ?Lock/i.test(error.message)
      throw isMissing ? objectLockMissing(this.bucket, error) : error
    }
  }

  async #get(key: string) {
    try {
      return (await this.#s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }))).Body
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }
}

function deletionRefused(
  errors: readonly { Key?: string | undefined; Code?: string | undefined; Message?: string | undefined }[],
): DeletionRefusedError {
  const said = errors.slice(0, SAID_REFUSALS).map(({ Key, Code, Message }) => `${Key} (${Code}: ${Message})`)
  const more = errors.length > said.length ? ` and ${errors.length - said.length} more` : ''
  return new DeletionRefusedError(`S3 did not delete ${said.join(', ')}${more}.`)
}

function objectLockMissing(bucket: string, cause: unknown): ObjectLockMissingError {
  const what = `The bucket ${bucket} has no Object Lock, so S3 holds nothing in it.`
  const remedy = 'object_lock_days of terraform/storage turns it on. `backups prune --hold` keeps a backup without it.'
  return new ObjectLockMissingError(`${what} ${remedy}`, { cause })
}

/**
 * S3 as the environment has it: credentials, region and endpoint where the AWS SDK looks for them, the certificates to be trusted in
 * the file AWS_CA_BUNDLE.
 *
 * @param forcePathStyle for servers that have no name for each bucket
 */
export async function connectS3(
  environment: Readonly<Record<string, string | undefined>>,
  forcePathStyle: boolean,
): Promise<S3Client> {
  const caFile = environment.AWS_CA_BUNDLE
  const ca = caFile === undefined ? undefined : await readFile(caFile)
  const httpsAgent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS, ...(ca && { ca }) })
  return new S3Client({ forcePathStyle, requestHandler: { httpsAgent } })
}
