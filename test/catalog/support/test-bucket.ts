import { randomUUID } from 'node:crypto'
import {
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { z } from 'zod'
import { S3Store } from '../../../src/catalog/s3-store.ts'
import { administratorS3, theLab } from '../../support/lab.ts'

/** A bucket of the lab's S3 that goes with the test. */
export class TestBucket {
  readonly store: S3Store
  readonly #s3: S3Client

  private constructor(s3: S3Client, store: S3Store) {
    this.#s3 = s3
    this.store = store
  }

  static async make(): Promise<TestBucket> {
    const lab = await theLab()
    const s3 = await administratorS3(lab)
    const bucket = `catalog-${randomUUID()}`
    const LocationConstraint = z.enum(BucketLocationConstraint).parse(lab.aws.region)
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }))
    return new TestBucket(s3, new S3Store(s3, bucket))
  }

  /** Also over an object that is there. */
  async put(key: string, body: string | Buffer): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.store.bucket, Key: key, Body: body }))
  }

  async keys(): Promise<string[]> {
    const keys: string[] = []
    for await (const { key } of this.store.list('')) keys.push(key)
    return keys
  }

  async remove(): Promise<void> {
    await this.store.delete(await this.keys())
    await this.#s3.send(new DeleteBucketCommand({ Bucket: this.store.bucket }))
    this.#s3.destroy()
  }
}
