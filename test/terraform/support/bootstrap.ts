import { join } from 'node:path'
import { bootstrapAws } from '../../../lab/aws/bootstrap.ts'
import { repository } from '../../../lab/paths.ts'
import type { StandIn } from '../../lab/aws/support/stand-in.ts'

/** Sets up what an administrator sets up once. @param log is told what is not there yet */
export async function bootstrap(aws: StandIn, log: (line: string) => void = () => undefined): Promise<void> {
  const { endpoint, caFile, adminCredentialsFile } = aws
  const stateDirectory = join(aws.directory, 'state')
  await bootstrapAws({ endpoint, caFile, adminCredentialsFile, stateDirectory, repository, log })
}
