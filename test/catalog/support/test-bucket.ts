import { randomUUID } from 'node:crypto'
import {
  BucketLocationConstraint,
  CreateBucketCommand,
  type CreateBucketRequest,
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
    const LocationConstraint = z.enum(BucketLocationConstraint).parse(lab.aws.region)
    return await TestBucket.#create(await administratorS3(lab), { CreateBucketConfiguration: { LocationConstraint } })
  }

  /** In a stand-in that goes with the test. @param settings as CreateBucket has them */
  static async of(aws: StandIn, settings: Omit<CreateBucketRequest, 'Bucket'> = {}): Promise<TestBucket> {
    const CreateBucketConfiguration = { LocationConstraint: BucketLocationConstraint.eu_central_1 }
    return await TestBucket.#create(aws.s3(aws.admin), { CreateBucketConfiguration, ...settings })
  }

  static async #create(s3: S3Client, settings: Omit<CreateBucketRequest, 'Bucket'>): Promise<TestBucket> {
    const bucket = `catalog-${randomUUID()}`
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ...settings }))
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
