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
import type { StandIn } from '../../lab/aws/support/stand-in.ts'
import { administratorS3, theLab } from '../../support/lab.ts'

/** A bucket for a test. */
export class TestBucket {
  readonly store: S3Store
  readonly #s3: S3Client

  private constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3
    this.store = new S3Store(s3, bucket)
  }

  /** In the lab's S3. It is to be removed with the test. */
  static async make(): Promise<TestBucket> {
    const lab = await theLab()
    return await TestBucket.#create(await administratorS3(lab), lab.aws.region)
  }

  /** In a stand-in that goes with the test. */
  static async of(aws: StandIn): Promise<TestBucket> {
    return await TestBucket.#create(aws.s3(aws.admin), 'eu-central-1')
  }

  static async #create(s3: S3Client, region: string): Promise<TestBucket> {
    const bucket = `catalog-${randomUUID()}`
    const LocationConstraint = z.enum(BucketLocationConstraint).parse(region)
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }))
    return new TestBucket(s3, bucket)
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
