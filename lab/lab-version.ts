import { hashOfFolders } from './hashes.ts'
import { repository } from './paths.ts'

/** What decides how the lab is set up. The application itself (src/) is not part of it: it runs beside the lab. */
const folders = ['lab', 'images', 'manifests', 'terraform']

/** Tells the lab of one state of the repository from that of another. */
export async function labVersion(): Promise<string> {
  return hashOfFolders(repository, folders)
}
