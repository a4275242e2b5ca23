import { assertRoom } from '../job/assert-room.ts'

/**
 * Checks, before anything is dumped, that a folder has room for a dump of so many bytes of rows: it may become as large as they are
 * (`stagingBytes` says why), though mostly it needs half.
 *
 * @param databaseBytes of the rows of all schemas, as MySQL estimates them
 * @throws {StepError} `VolumeTooSmall`
 */
export async function assertRoomForDump(folder: string, databaseBytes: number): Promise<void> {
  await assertRoom(folder, {
    bytes: databaseBytes,
    who: 'The dump may need',
    notDone: 'Nothing was dumped.',
    remedy:
      'A staging volume is made for the size that the database has when its pipeline starts: start it again, or raise storage in ' +
      'manifests/staging.yaml. With the staging "pod" or "stream" the dump lies on the node: choose "volume", or nodes with larger disks.',
  })
}
