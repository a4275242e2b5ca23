import { readFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import type { Readable } from 'node:stream'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
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
}

/** S3 did not delete some objects. */
export class DeletionRefusedError extends Error {
  override readonly name = 'DeletionRefusedError'
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
