const GIB = 1024 ** 3
/** What a file system keeps of a volume for itself and for root (ext4: 5 % for root alone). */
const FILE_SYSTEM_SHARE = 0.1

/**
 * How large a volume has to be on which a dump is to lie, in bytes: whole GiB, as clouds sell them.
 *
 * Rows are compressed, and mostly need half of what MySQL keeps them in. But what has been compressed before does not become
 * smaller, and mysqldump writes it in hexadecimal, which compression just makes up for. So as much is asked for as the rows have in
 * MySQL. What else a dump holds, definitions and a fingerprint, fits into the 1 GiB more. (Measured: docs/backups.md.)
 *
 * @param databaseBytes of the rows of all schemas, indexes not counted
 */
export function stagingBytes(databaseBytes: number): number {
  return Math.ceil(databaseBytes / (1 - FILE_SYSTEM_SHARE) / GIB + 1) * GIB
}
